import { PriceTable } from '@parley/llm';
import type { StoredPriceVersion } from './price-versions.repository.js';

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

/** A tenant’s prices from some moment on: each version over the platform’s prices, from when it holds. */
export class PriceSchedule {
  private readonly tables: readonly { readonly from: number; readonly table: PriceTable }[];

  /** `versions` as the repository gives them: the latest first. */
  constructor(
    private readonly platform: PriceTable,
    versions: readonly StoredPriceVersion[],
  ) {
    this.tables = versions.map(({ id: version, effectiveFrom, source, models }) => ({
      from: effectiveFrom.getTime(),
      table: new PriceTable([{ version, source, as_of: dayOf(effectiveFrom), models }], platform),
    }));
  }

  /** Those that hold at a moment, in milliseconds. */
  at(moment: number): PriceTable {
    return this.tables.find(({ from }) => from <= moment)?.table ?? this.platform;
  }
}
