import { z } from 'zod';

/** US dollars per million tokens, as a decimal of at most six places. */
const dollars = z.string().regex(/^\d{1,6}(\.\d{1,6})?$/, 'must be a decimal such as "0.25"');

export const modelPrice = z.strictObject({
  input: dollars,
  /** Of reasoning too. */
  output: dollars,
  cache_read: dollars,
  cache_write: dollars,
});
export type ModelPrice = z.infer<typeof modelPrice>;

/** Prices of one day, and where they were published. A model’s dated releases (`name-20260101`) cost what the model does. */
export const priceList = z.strictObject({
  source: z.string().min(1),
  as_of: z.iso.date(),
  models: z.record(z.string().min(1), modelPrice),
});
export type PriceList = z.infer<typeof priceList>;
