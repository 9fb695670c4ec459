import type { TokenCounts } from '@parley/contracts';
import type { ModelPrice, PriceList } from './price-list.js';

/** Prices are kept in millionths of a dollar per million tokens, so that one token’s cost is a whole number of this scale. */
const placesOfPrice = 6;
const placesOfCost = 12;

type Price = Readonly<Record<keyof ModelPrice, bigint>>;

/** What tokens cost, where the model’s price is known; exact, in US dollars. */
export class PriceTable {
  private readonly prices: ReadonlyMap<string, Price>;

  /** Later lists win. */
  constructor(lists: readonly PriceList[]) {
    this.prices = new Map(
      lists.flatMap(({ models }) => Object.entries(models).map(([name, price]) => [name, parsed(price)] as const)),
    );
  }

  /** A decimal such as `0.000175`; undefined for a model without a price. */
  costOf(model: string, tokens: TokenCounts): string | undefined {
    const price = this.prices.get(model) ?? this.prices.get(model.replace(/-\d{8}$/, ''));
    if (!price) return undefined;
    const cost =
      BigInt(tokens.input) * price.input +
      BigInt(tokens.output + tokens.reasoning) * price.output +
      BigInt(tokens.cache_read) * price.cache_read +
      BigInt(tokens.cache_write) * price.cache_write;
    return toDecimal(cost);
  }
}

const parsed = ({ input, output, cache_read, cache_write }: ModelPrice): Price => ({
  input: fromDecimal(input),
  output: fromDecimal(output),
  cache_read: fromDecimal(cache_read),
  cache_write: fromDecimal(cache_write),
});

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
