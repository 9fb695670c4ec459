import { redisConfig } from '@parley/cache';
import { discoveryConfig } from '@parley/discovery';
import { limitsConfig } from '@parley/limits';
import { amqpConfig } from '@parley/messaging';
import { databaseConfig } from '@parley/persistence';
import { serviceClientConfig } from '@parley/service-client';
import { defineConfig } from '@parley/service-kit';
import { z } from 'zod';

/** The only reader of the environment. */
export const config = defineConfig({
  ...databaseConfig,
  ...amqpConfig,
  ...redisConfig,
  ...discoveryConfig,
  ...serviceClientConfig,
  ...limitsConfig,
  PORT: z.coerce.number().int().min(0).max(65_535).default(4005),
  /** How long ledgers are kept, 1–3,650 days. Reports by session, project or expert query reach no further back. */
  ANALYTICS_RETENTION_DAYS: z.coerce.number().int().min(1).max(3_650).default(400),
});
export type Config = z.infer<typeof config>;
