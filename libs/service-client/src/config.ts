import { z } from 'zod';

/** How other services are called. Spread it into a service's own schema. */
export const serviceClientConfig = {
  /** Longest time of one call, its retries included; 1 ms to 10 min, default 10 s. A nearer deadline of the caller wins. */
  SERVICE_TIMEOUT_MS: z.coerce.number().int().min(1).max(600_000).default(10_000),
  /** Connections to one instance, 1 to 4,096, default 256; as many requests again may wait for one. */
  SERVICE_CONNECTIONS: z.coerce.number().int().min(1).max(4_096).default(256),
};

export type ServiceClientConfig = z.infer<z.ZodObject<typeof serviceClientConfig>>;
