import type { ModelPrice } from '@parley/contracts';
import { undated } from '../release-date.js';
import type { PriceList } from './price-list.js';
import { costAt, parsedPrice, type ParsedPrice, type Usage } from './rates.js';

/** A model as it was bought. */
export interface Bought {
  readonly provider: string;
  /** What the provider calls it: as it answered, and as it was asked for, where that is something else. */
  readonly models: readonly string[];
  /** Of service, where it is another than the standard one; a price for that alone is none for it. */
  readonly tier?: string | undefined;
}

export interface Cost {
  /** US dollars, as an exact decimal. */
  readonly usd: string;
  /** Of the list that had the price. */
  readonly version: string;
}

/** The price of a name, and the list that it is from. */
export interface ListedPrice extends Omit<PriceList, 'models'> {
  readonly model: string;
  readonly price: ModelPrice;
}

interface Priced {
  readonly price: ParsedPrice;
  readonly version: string;
}

/** Names are the callers’ to make up; when there are more, all are looked up anew. */
const maxFound = 1_000;

/** What tokens cost, where the model’s price is known. */
export class PriceTable {
  private readonly listed: ReadonlyMap<string, ListedPrice>;
  /** What was looked up before, for calls to come. */
  private readonly found = new Map<string, Priced | undefined>();

  /** Later lists win; what none of them names has the price that `below` gives it. */
  constructor(
    lists: readonly PriceList[],
    private readonly below?: PriceTable,
  ) {
    this.listed = new Map(
      lists.flatMap(({ models, ...list }) =>
        Object.entries(models).map(([model, price]) => [model, { ...list, model, price }] as const),
      ),
    );
  }

  /** Every price that holds, by name. */
  get prices(): ListedPrice[] {
    const above = new Set(this.listed.keys());
    return [...this.listed.values(), ...(this.below?.prices.filter(({ model }) => !above.has(model)) ?? [])].sort(
      (a, b) => (a.model < b.model ? -1 : 1),
    );
  }

  /** Undefined for a model without a price, rather than a wrong one. */
  costOf(bought: Bought, usage: Usage): Cost | undefined {
    const priced = this.priceOf(bought);
    return priced && { usd: costAt(priced.price, usage), version: priced.version };
  }

  private priceOf(bought: Bought): Priced | undefined {
    const key = `${bought.provider}\n${bought.models.join('\n')}\n${bought.tier}`;
    const known = this.found.get(key);
    if (known || this.found.has(key)) return known;
    const priced = this.byName([...namesOf(bought)]);
    if (this.found.size >= maxFound) this.found.clear();
    this.found.set(key, priced);
    return priced;
  }

  private byName(names: readonly string[]): Priced | undefined {
    for (const name of names) {
      const listed = this.listed.get(name);
      if (listed) return { price: parsedPrice(listed.price), version: listed.version };
    }
    return this.below?.byName(names);
  }
}

/** The names under which a price may stand, the closest first. */
function* namesOf({ provider, models, tier }: Bought): Generator<string> {
  const suffix = tier === undefined ? '' : `@${tier}`;
  for (const model of models) {
    for (const name of new Set([model, undated(model)])) {
      yield `${provider}/${name}${suffix}`;
      yield name + suffix;
    }
  }
}
