import type { ModelPrice } from '@parley/contracts';

type Factor = 0.5 | 2;
type Rates = Omit<ModelPrice, 'long_prompt'>;

/** Millionths of a dollar are whole numbers, which a number holds exactly, their half too at what vendors ask. */
const scaledRate = (rate: string, factor: Factor): string =>
  ((Math.round(Number(rate) * 1e6) * factor) / 1e6).toFixed(6).replace(/\.?0+$/, '');

/** A price that is not told follows from the others. */
const scaledRates = ({ input, output, cache_read, cache_write }: Rates, factor: Factor): Rates => ({
  input: scaledRate(input, factor),
  output: scaledRate(output, factor),
  ...(cache_read !== undefined && { cache_read: scaledRate(cache_read, factor) }),
  ...(cache_write !== undefined && { cache_write: scaledRate(cache_write, factor) }),
});

/** A tier of OpenAI’s that costs so many times what the standard one does, in every class and for every length. */
export const scaled = ({ long_prompt: long, ...rates }: ModelPrice, factor: Factor): ModelPrice => ({
  ...scaledRates(rates, factor),
  ...(long && { long_prompt: { above: long.above, ...scaledRates(long, factor) } }),
});
