import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { priceList } from './price-list.js';
import { PriceTable } from './price-table.js';
import { shippedPrices } from './shipped.js';

/** The shipped prices, and over them those of the file. @throws Error that names the file and what does not fit. */
export function pricesFrom(file: string | undefined): PriceTable {
  if (file === undefined) return new PriceTable([shippedPrices]);
  const read = priceList.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!read.success) throw new Error(`PARLEY_PRICES_FILE ${file}: ${z.prettifyError(read.error)}`);
  return new PriceTable([shippedPrices, read.data]);
}
