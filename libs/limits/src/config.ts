import { z } from 'zod';

/** Bounds of the numbers, here and in the live configuration. */
const requests = 1_000_000;
const tokens = 1_000_000_000;
const streams = 10_000;

const variable = (max: number) => z.coerce.number().int().min(1).max(max).optional();
/** Null takes the limit away. */
const live = (max: number) => z.int().min(1).max(max).nullable().optional();

/**
 * Spread it into a service's own schema. What is not set is not limited, but for requests of callers whose credential has
 * no number of its own: 600 a minute. A user's are all calls in the user's or service account's name, with whichever key;
 * a tenant's those of all its users. Tokens and streams are those of models.
 */
export const limitsConfig = {
  /** 1 to 1,000,000. */
  USER_REQUESTS_PER_MINUTE: variable(requests),
  /** 1 to 1,000,000,000. */
  USER_TOKENS_PER_MINUTE: variable(tokens),
  /** 1 to 10,000. */
  USER_CONCURRENT_STREAMS: variable(streams),
  /** 1 to 1,000,000. */
  TENANT_REQUESTS_PER_MINUTE: variable(requests),
  /** 1 to 1,000,000,000. */
  TENANT_TOKENS_PER_MINUTE: variable(tokens),
  /** 1 to 10,000. */
  TENANT_CONCURRENT_STREAMS: variable(streams),
};

export type LimitsConfig = z.infer<z.ZodObject<typeof limitsConfig>>;

const liveLimits = {
  user_requests_per_minute: live(requests),
  user_tokens_per_minute: live(tokens),
  user_concurrent_streams: live(streams),
  tenant_requests_per_minute: live(requests),
  tenant_tokens_per_minute: live(tokens),
  tenant_concurrent_streams: live(streams),
};

/** The limits in the live configuration: for all tenants, and over that for some by their ids. */
export const liveLimitsConfig = z.object({
  ...liveLimits,
  tenants: z.record(z.uuid(), z.strictObject(liveLimits)).default({}),
});
export type LiveLimits = z.infer<typeof liveLimitsConfig>;
