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
const costs = (file: string | undefined, model: string) =>
  pricesFrom(file).costOf({ provider: 'p', models: [model] }, { tokens: { ...noTokens, input: 1 } });

it('a file adds models, and changes the price of one that is shipped', () => {
  const file = written({ ...list, models: { ours: price, 'claude-opus-5': price } });
  expect([costs(file, 'ours')?.usd, costs(file, 'claude-opus-5')?.usd]).toEqual(['0.000007', '0.000007']);
  expect(costs(file, 'claude-sonnet-5')).toEqual(costs(undefined, 'claude-sonnet-5'));
});

it('a file that changes is another version, also on the same day', () => {
  const [one, other] = ['7', '8'].map((dollars) =>
    written({ ...list, models: { ours: { ...price, input: dollars } } }),
  );
  expect(costs(one, 'ours')?.version).toMatch(/^file:2026-01-01:[0-9a-f]{8}$/);
  expect(costs(one, 'ours')?.version).not.toBe(costs(other, 'ours')?.version);
});

it('a file that is no price list stops the start, and names what does not fit', () => {
  const file = written({ ...list, models: { ours: { ...price, input: 'cheap' } } });
  expect(() => pricesFrom(file)).toThrow(/models\.ours\.input/);
});
