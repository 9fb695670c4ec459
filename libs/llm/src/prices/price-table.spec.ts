import { describe, expect, it } from '@jest/globals';
import { noTokens } from '@parley/contracts';
import { priceList } from './price-list.js';
import { PriceTable } from './price-table.js';
import { shippedPrices } from './shipped.js';

const day = { source: 'a test', as_of: '2026-01-01' };
const table = new PriceTable([
  { ...day, models: { a: { input: '2', output: '10', cache_read: '0.20', cache_write: '2.5' } } },
  { ...day, models: { free: { input: '0', output: '0', cache_read: '0', cache_write: '0' } } },
]);

describe('what tokens cost', () => {
  it('is exact to the millionth of a millionth', () => {
    expect(table.costOf('a', { ...noTokens, input: 1 })).toBe('0.000002');
    expect(table.costOf('a', { ...noTokens, cache_read: 1 })).toBe('0.0000002');
    expect(table.costOf('a', { ...noTokens, input: 500_000 })).toBe('1');
    expect(table.costOf('a', { ...noTokens, output: 123_456_789 })).toBe('1234.56789');
  });

  it('counts each of the five classes once, reasoning as output', () => {
    const tokens = { input: 1, output: 10, cache_read: 100, cache_write: 1_000, reasoning: 10_000 };
    // 2 + 100 + 20 + 2,500 + 100,000 millionths of a dollar
    expect(table.costOf('a', tokens)).toBe('0.102622');
  });

  it('of a dated release is the model’s', () => {
    expect(table.costOf('a-20260101', { ...noTokens, input: 1 })).toBe('0.000002');
  });

  it('is nothing where the price is nothing, and unknown where there is no price', () => {
    expect(table.costOf('free', { ...noTokens, input: 9 })).toBe('0');
    expect(table.costOf('b', { ...noTokens, input: 9 })).toBeUndefined();
  });

  it('follows the later list', () => {
    const dearer = { ...day, models: { a: { input: '4', output: '0', cache_read: '0', cache_write: '0' } } };
    expect(new PriceTable([{ ...day, models: {} }, shippedPrices, dearer]).costOf('a', { ...noTokens, input: 1 })).toBe(
      '0.000004',
    );
  });
});

it('the shipped prices are as a price list has to be', () => {
  expect(priceList.safeParse(shippedPrices).error).toBeUndefined();
});

it.each(['-1', '1.1234567', '1e3', 'free'])('%s is no price', (input) => {
  const list = { ...day, models: { a: { input, output: '1', cache_read: '1', cache_write: '1' } } };
  expect(priceList.safeParse(list).success).toBe(false);
});
