import { z } from 'zod';
import { dollarsPerMillion } from '../dollars.js';
import { storedText } from '../storable.js';
import { modelName } from '../tokens.js';
import { pageOf } from './page.js';

/** US dollars per million tokens, by class. */
const rates = {
  input: dollarsPerMillion,
  output: dollarsPerMillion.describe('Of reasoning too'),
  cache_read: dollarsPerMillion.optional().describe('Default: as input'),
  cache_write: dollarsPerMillion.optional().describe('Default: as input'),
  cache_write_1h: dollarsPerMillion
    .optional()
    .describe('Of what is written for an hour, where the provider tells it apart. Default: as cache_write'),
};

/** What a model costs. A call whose prompt is longer than `long_prompt.above` costs the rates there, all of its tokens. */
export const modelPrice = z
  .strictObject({
    ...rates,
    long_prompt: z
      .strictObject({
        above: z.int().min(1).describe('Tokens of the prompt, those from and for the cache included'),
        ...rates,
      })
      .optional(),
  })
  .meta({ id: 'ModelPrice' });
export type ModelPrice = z.infer<typeof modelPrice>;

/**
 * Prices by model. A name may have its provider before it (`openai/gpt-5.5`), which then holds for that provider alone, and
 * a tier of service other than the standard one behind it (`gpt-5.5@flex`). A model’s dated releases (`name-20260101`,
 * `name-2026-01-01`) cost what the model does, unless they are named.
 */
export const modelPrices = z.record(modelName, modelPrice);

/** Models that one version may name. */
export const maxPricedModels = 500;
/** Versions of a tenant that are still to come. */
export const maxScheduledPriceVersions = 20;
/** Versions that a tenant may make within any 24 hours: they are kept for good. */
export const maxDailyPriceVersions = 50;

export const newPriceVersion = z
  .strictObject({
    source: storedText(500).describe('Where these prices are from, such as a contract'),
    effective_from: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('Not in the past. Default: now, which other gateways hear of within seconds; a later moment is exact'),
    models: modelPrices.refine(
      (models) => Object.keys(models).length <= maxPricedModels,
      `must name ${maxPricedModels} models at most`,
    ),
  })
  .meta({ id: 'NewPriceVersion' });
export type NewPriceVersion = z.infer<typeof newPriceVersion>;

/** One version of a tenant’s price table: the whole of it, from its moment until that of the next. */
export const priceVersion = z
  .strictObject({
    version: z.string().describe('As usage records name it'),
    source: z.string(),
    effective_from: z.iso.datetime(),
    created_at: z.iso.datetime(),
    created_by: z.uuid(),
    models: modelPrices,
  })
  .meta({ id: 'PriceVersion' });
export type PriceVersion = z.infer<typeof priceVersion>;

/** Newest `effective_from` first. A version may be long, so a page has few: 1–20, 10 by default. */
export const priceVersionQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(20).default(10),
  cursor: z.string().max(500).optional(),
});
export type PriceVersionQuery = z.infer<typeof priceVersionQuery>;
export const priceVersionList = pageOf(priceVersion).meta({ id: 'PriceVersionList' });
export type PriceVersionList = z.infer<typeof priceVersionList>;

export const effectivePrice = z
  .strictObject({
    model: z.string(),
    price: modelPrice,
    version: z.string().describe('As usage records name it'),
    source: z.string(),
    as_of: z.iso.date().describe('The day of the source, or from which a version of the tenant’s own holds'),
  })
  .meta({ id: 'EffectivePrice' });

/** What calls of the tenant cost at this moment, by name of the model: its own prices over those of the platform. */
export const effectivePrices = z.strictObject({ data: z.array(effectivePrice) }).meta({ id: 'EffectivePrices' });
export type EffectivePrices = z.infer<typeof effectivePrices>;
