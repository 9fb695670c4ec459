import { redisConfig } from '@parley/cache';
import { circleModel, modelName } from '@parley/contracts';
import { discoveryConfig } from '@parley/discovery';
import { limitsConfig } from '@parley/limits';
import { amqpConfig } from '@parley/messaging';
import { databaseConfig } from '@parley/persistence';
import { serviceClientConfig } from '@parley/service-client';
import { defineConfig } from '@parley/service-kit';
import { z } from 'zod';
import { expertFile } from './circle/expert-file.js';

/** The only reader of the environment. */
export const config = defineConfig({
  ...databaseConfig,
  ...amqpConfig,
  ...redisConfig,
  ...discoveryConfig,
  ...serviceClientConfig,
  ...limitsConfig,
  PORT: z.coerce.number().int().min(0).max(65_535).default(4003),
  /** The experts as JSON, from a file as a rule: EXPERTS_FILE. Without it the three of default-experts.ts. */
  EXPERTS: expertFile,
  /** Of experts and questions that name no model; without it the first of the gateway's list. */
  EXPERTS_MODEL: modelName
    .refine((model) => model !== circleModel, 'must be a model that is not the circle')
    .optional(),
  /** How long one expert may take, 1 ms to 10 min, default 60 s. A nearer deadline of the caller wins. */
  EXPERT_TIMEOUT_MS: z.coerce.number().int().min(1).max(600_000).default(60_000),
  /** Experts that one instance asks at a time, for all its queries, 1–10,000, default 200; more is 503. */
  EXPERTS_MAX_CONCURRENT: z.coerce.number().int().min(1).max(10_000).default(200),
  /** A query whose instance gives no sign for this long is interrupted, 1 s to 10 min, default 15 s. */
  EXPERTS_QUERY_LEASE_MS: z.coerce.number().int().min(1_000).max(600_000).default(15_000),
}).refine(({ EXPERTS, EXPERTS_MAX_CONCURRENT }) => EXPERTS_MAX_CONCURRENT >= EXPERTS.length, {
  path: ['EXPERTS_MAX_CONCURRENT'],
  message: 'must be at least the number of experts',
});
export type Config = z.infer<typeof config>;
