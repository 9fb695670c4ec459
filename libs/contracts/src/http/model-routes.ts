import { z } from 'zod';
import { modelName } from '../tokens.js';
import { circleModel } from './experts.js';

/** What callers give as the model. Without a slash, so that `provider/model` always means that very model. */
export const modelRouteName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/, 'must be 1 to 128 letters, digits, ".", "_", ":" and "-"')
  .refine((name) => name !== circleModel, 'is the circle of experts');

/** Routes of a tenant, and targets of a route. */
export const maxModelRoutes = 100;
const maxTargets = 16;

export const modelRouteStrategy = z
  .enum(['ordered', 'weighted', 'fastest', 'cache_affinity'])
  .describe(
    'Who is asked first; the others follow when that fails. `ordered`: the first. `weighted`: one at random, by weight. ' +
      '`fastest`: the one that has lately answered soonest. `cache_affinity`: the same for all turns of a conversation, ' +
      'so that the provider finds its beginning in the prompt cache',
  );

const weight = z
  .int()
  .min(0)
  .max(1_000)
  .describe('Its share, where targets share; one of 0 is only asked when the others fail');
const target = z.strictObject({ model: modelName, weight: weight.default(1) });
const targets = z
  .array(target)
  .min(1)
  .max(maxTargets)
  .refine((all) => new Set(all.map(({ model }) => model)).size === all.length, 'must name each model once')
  .refine((all) => all.some((one) => one.weight > 0), 'must have one with a weight above 0');

const hedgeAfterMs = z
  .int()
  .min(1)
  .max(60_000)
  .nullable()
  .describe('After so long without an answer the next target is asked as well, and the first to begin is taken');

export const createModelRouteRequest = z
  .strictObject({
    name: modelRouteName,
    targets,
    strategy: modelRouteStrategy.default('ordered'),
    hedge_after_ms: hedgeAfterMs.default(null),
  })
  .meta({ id: 'CreateModelRouteRequest' });
export type CreateModelRouteRequest = z.infer<typeof createModelRouteRequest>;

export const updateModelRouteRequest = z
  .strictObject({ targets, strategy: modelRouteStrategy, hedge_after_ms: hedgeAfterMs })
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'must change something')
  .meta({ id: 'UpdateModelRouteRequest' });
export type UpdateModelRouteRequest = z.infer<typeof updateModelRouteRequest>;

const fields = {
  name: z.string(),
  targets: z.array(z.strictObject({ model: z.string(), weight: z.int() })),
  strategy: modelRouteStrategy,
  hedge_after_ms: z.int().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
};

export const modelRoute = z.strictObject(fields).meta({ id: 'ModelRoute' });
export type ModelRoute = z.infer<typeof modelRoute>;

/** Whole: a tenant has at most `maxModelRoutes`. */
export const modelRouteList = z.strictObject({ data: z.array(modelRoute) }).meta({ id: 'ModelRouteList' });
export type ModelRouteList = z.infer<typeof modelRouteList>;

const promptCache = {
  calls: z.int(),
  prompt_tokens: z.int().describe('All that the model read, from its cache or not'),
  cache_read_tokens: z.int(),
  hit_rate: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe('Share of the prompt read from the cache; null before any call'),
};

export const modelRouteReport = z
  .strictObject({
    ...fields,
    prompt_cache: z
      .strictObject({
        since: z.iso.datetime(),
        ...promptCache,
        targets: z.array(z.strictObject({ provider: z.string(), model: z.string(), ...promptCache })),
      })
      .nullable()
      .describe('Of the calls since the route was changed, 24 hours at most; null where it cannot be read now'),
  })
  .meta({ id: 'ModelRouteReport' });
export type ModelRouteReport = z.infer<typeof modelRouteReport>;
