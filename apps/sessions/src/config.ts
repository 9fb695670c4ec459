import { redisConfig } from '@parley/cache';
import { discoveryConfig } from '@parley/discovery';
import { limitsConfig } from '@parley/limits';
import { amqpConfig } from '@parley/messaging';
import { databaseConfig } from '@parley/persistence';
import { serviceClientConfig } from '@parley/service-client';
import { defineConfig, streamConfig } from '@parley/service-kit';
import { z } from 'zod';
import { liveConfig } from './live/seats.js';

const milliseconds = (fallback: number, min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback);

/** The only reader of the environment. */
export const config = defineConfig({
  ...databaseConfig,
  ...amqpConfig,
  ...redisConfig,
  ...discoveryConfig,
  ...serviceClientConfig,
  ...limitsConfig,
  ...streamConfig,
  ...liveConfig,
  PORT: z.coerce.number().int().min(0).max(65_535).default(4002),
  /** How long a turn may run without a checkpoint; the gateway sends one a second at most, and one in a third of this. */
  TURN_LEASE_MS: milliseconds(15_000, 3_000, 600_000),
  /** How long a turn waits at most for those before it, where its session lets turns wait. */
  TURN_WAIT_MS: milliseconds(60_000, 100, 600_000),
  /** A session is idle when nothing was said in it for so many seconds; up to a year. */
  SESSION_IDLE_AFTER_S: z.coerce.number().int().min(1).max(31_536_000).default(1_800),
  /** Between two looks for turns whose lease ran out, and for sessions that have become idle. */
  SWEEP_INTERVAL_MS: milliseconds(2_000, 100, 60_000),
  /** Between two looks for sessions that are older than their tenant keeps them. */
  RETENTION_INTERVAL_MS: milliseconds(3_600_000, 100, 86_400_000),
}).refine((c) => c.SWEEP_INTERVAL_MS < c.TURN_LEASE_MS, {
  path: ['SWEEP_INTERVAL_MS'],
  message: 'must be less than TURN_LEASE_MS',
});
export type Config = z.infer<typeof config>;
