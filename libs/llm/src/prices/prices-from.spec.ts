import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { noTokens } from '@parley/contracts';
import { pricesFrom } from './prices-from.js';

const written = (content: unknown): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'prices-')), 'prices.json');
  writeFileSync(file, JSON.stringify(content));
  return file;
};
const list = { source: 'ours', as_of: '2026-01-01' };
const price = { input: '7', output: '1', cache_read: '1', cache_write: '1' };
const input = { ...noTokens, input: 1 };

it('a file adds models, and changes the price of one that is shipped', () => {
  const prices = pricesFrom(written({ ...list, models: { ours: price, 'claude-opus-5': price } }));
  expect([prices.costOf('ours', input), prices.costOf('claude-opus-5', input)]).toEqual(['0.000007', '0.000007']);
  expect(prices.costOf('claude-sonnet-5', input)).toBe(pricesFrom(undefined).costOf('claude-sonnet-5', input));
});

it('a file that is no price list stops the start, and names what does not fit', () => {
  const file = written({ ...list, models: { ours: { ...price, input: 'cheap' } } });
  expect(() => pricesFrom(file)).toThrow(/models\.ours\.input/);
});
