import { z } from 'zod';

/** How Redis is reached. Spread it into a service's own schema. */
export const redisConfig = {
  /** `rediss:` for TLS. */
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).default('redis://127.0.0.1:6379'),
  /** PEM of the private CA that signed the server's certificate; usually given as REDIS_CA_FILE. */
  REDIS_CA: z.string().includes('BEGIN CERTIFICATE').optional(),
  /** After so long a command has failed and its caller does without Redis; 10 ms to 10 s, default 250 ms. */
  REDIS_COMMAND_TIMEOUT_MS: z.coerce.number().int().min(10).max(10_000).default(250),
};

export type RedisConfig = z.infer<z.ZodObject<typeof redisConfig>>;
