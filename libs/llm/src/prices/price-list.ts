import { modelPrices, type ModelPrice } from '@parley/contracts';
import { z } from 'zod';

/** Prices of one day, and where they were published. */
export const priceList = z.strictObject({ source: z.string().min(1), as_of: z.iso.date(), models: modelPrices });

/** One version of prices, under the name by which records of usage refer to it. */
export interface PriceList {
  readonly version: string;
  readonly source: string;
  /** A day, `YYYY-MM-DD`. */
  readonly as_of: string;
  readonly models: Readonly<Record<string, ModelPrice>>;
}
