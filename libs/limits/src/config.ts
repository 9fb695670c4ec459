import { z } from 'zod';

/** Spread it into a service's own schema. */
export const limitsConfig = {
  /** For callers with an access token; an API key brings its own number. 1 to 1,000,000, default 600. */
  USER_REQUESTS_PER_MINUTE: z.coerce.number().int().min(1).max(1_000_000).default(600),
};

export type LimitsConfig = z.infer<z.ZodObject<typeof limitsConfig>>;
