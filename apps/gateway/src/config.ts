import { redisConfig } from '@parley/cache';
import { discoveryConfig } from '@parley/discovery';
import { limitsConfig } from '@parley/limits';
import { providerConfig } from '@parley/llm';
import { amqpConfig } from '@parley/messaging';
import { databaseConfig } from '@parley/persistence';
import { serviceClientConfig } from '@parley/service-client';
import { defineConfig, streamConfig } from '@parley/service-kit';
import { z } from 'zod';

/** The only reader of the environment. */
export const config = defineConfig({
  ...databaseConfig,
  ...amqpConfig,
  ...redisConfig,
  ...discoveryConfig,
  ...serviceClientConfig,
  ...limitsConfig,
  ...providerConfig,
  ...streamConfig,
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  /** Port of the embedded edge, for where Kong cannot run; unset behind Kong. */
  PARLEY_EDGE_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  /** How long the gateway keeps its own record of a call, 1–3,650 days; analytics keeps the accounts. */
  GATEWAY_USAGE_RETENTION_DAYS: z.coerce.number().int().min(1).max(3_650).default(30),
  /** The route table that Kong and the embedded edge share. */
  PARLEY_ROUTES_FILE: z.string().default('kong/kong.yml'),
});
export type Config = z.infer<typeof config>;
