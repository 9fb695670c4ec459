import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { priceList, type PriceList } from './price-list.js';
import { PriceTable } from './price-table.js';
import { anthropicPrices } from './shipped/anthropic.js';
import { openaiPrices } from './shipped/openai.js';

/** The shipped prices, and over them those of the file. @throws Error that names the file and what does not fit. */
export function pricesFrom(file: string | undefined): PriceTable {
  const shipped = [anthropicPrices, openaiPrices];
  return new PriceTable(file === undefined ? shipped : [...shipped, readPrices(file)]);
}

/** Its version has the content’s digest, so that a file which is edited without a new day is another version. */
function readPrices(file: string): PriceList {
  const text = readFileSync(file, 'utf8');
  const read = priceList.safeParse(JSON.parse(text));
  if (!read.success) throw new Error(`PARLEY_PRICES_FILE ${file}: ${z.prettifyError(read.error)}`);
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return { version: `file:${read.data.as_of}:${digest}`, ...read.data };
}
