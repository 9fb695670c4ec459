import type { ModelPrice, TokenCounts } from '@parley/contracts';

/** What one call used, as it is charged for. */
export interface Usage {
  readonly tokens: TokenCounts;
  /** Of `tokens.cache_write`, those written for an hour; the others are at the price of the shorter time. */
  readonly cache_write_1h?: number | undefined;
}

/** Prices are kept in millionths of a dollar per million tokens, so that one token’s cost is a whole number of this scale. */
const placesOfPrice = 6;
const placesOfCost = 12;

/** What a token of each class costs, in millionths of a millionth of a dollar. */
type Rates = Readonly<Record<'input' | 'output' | 'cache_read' | 'cache_write' | 'cache_write_1h', bigint>>;

export interface ParsedPrice {
  readonly rates: Rates;
  readonly longPrompt?: { readonly above: number; readonly rates: Rates } | undefined;
}

/** @throws SyntaxError for a price that the schema of prices does not let through. */
export const parsedPrice = ({ long_prompt, ...rates }: ModelPrice): ParsedPrice => ({
  rates: parsedRates(rates),
  longPrompt: long_prompt && { above: long_prompt.above, rates: parsedRates(long_prompt) },
});

/** Exact, as a decimal such as `0.000175`: every token is counted once. */
export function costAt({ rates, longPrompt }: ParsedPrice, { tokens, cache_write_1h = 0 }: Usage): string {
  const prompt = tokens.input + tokens.cache_read + tokens.cache_write;
  const at = longPrompt && prompt > longPrompt.above ? longPrompt.rates : rates;
  const written1h = Math.min(cache_write_1h, tokens.cache_write);
  return toDecimal(
    BigInt(tokens.input) * at.input +
      BigInt(tokens.output + tokens.reasoning) * at.output +
      BigInt(tokens.cache_read) * at.cache_read +
      BigInt(tokens.cache_write - written1h) * at.cache_write +
      BigInt(written1h) * at.cache_write_1h,
  );
}

/** What has no price of its own costs what it would be without the cache, or without the longer time. */
function parsedRates(price: Omit<ModelPrice, 'long_prompt'>): Rates {
  const { input, output, cache_read = input, cache_write = input, cache_write_1h = cache_write } = price;
  return {
    input: fromDecimal(input),
    output: fromDecimal(output),
    cache_read: fromDecimal(cache_read),
    cache_write: fromDecimal(cache_write),
    cache_write_1h: fromDecimal(cache_write_1h),
  };
}

function fromDecimal(text: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(placesOfPrice, '0'));
}

function toDecimal(cost: bigint): string {
  const digits = cost.toString().padStart(placesOfCost + 1, '0');
  const fraction = digits.slice(-placesOfCost).replace(/0+$/, '');
  const whole = digits.slice(0, -placesOfCost);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
