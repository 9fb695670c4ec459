import { describe, expect, it } from '@jest/globals';
import { modelPrice, noTokens, type ModelPrice, type TokenCounts } from '@parley/contracts';
import fc from 'fast-check';
import { priceList, type PriceList } from './price-list.js';
import { PriceTable } from './price-table.js';
import { anthropicPrices } from './shipped/anthropic.js';
import { openaiPrices } from './shipped/openai.js';

const listOf = (models: Record<string, ModelPrice>, version = 'v1'): PriceList => ({
  version,
  source: 'a test',
  as_of: '2026-01-01',
  models,
});
const a: ModelPrice = { input: '2', output: '10', cache_read: '0.20', cache_write: '2.5', cache_write_1h: '4' };
const table = new PriceTable([listOf({ a, free: { input: '0', output: '0' } })]);

const usd = (model: string, tokens: Partial<TokenCounts>, cache_write_1h?: number, prices = table) =>
  prices.costOf({ provider: 'p', models: [model] }, { tokens: { ...noTokens, ...tokens }, cache_write_1h })?.usd;

/** As a whole number, so that sums of it are exact. */
function picodollars(decimal = ''): bigint {
  const [whole = '0', fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(12, '0'));
}

describe('what tokens cost', () => {
  it('is exact to the millionth of a millionth', () => {
    expect(usd('a', { input: 1 })).toBe('0.000002');
    expect(usd('a', { cache_read: 1 })).toBe('0.0000002');
    expect(usd('a', { input: 500_000 })).toBe('1');
    expect(usd('a', { output: 123_456_789 })).toBe('1234.56789');
  });

  it('counts each of the five classes once, reasoning as output', () => {
    const tokens = { input: 1, output: 10, cache_read: 100, cache_write: 1_000, reasoning: 10_000 };
    // 2 + 100 + 20 + 2,500 + 100,000 millionths of a dollar
    expect(usd('a', tokens)).toBe('0.102622');
  });

  it('prices apart what was written to the cache for an hour, and never more than was written', () => {
    expect(usd('a', { cache_write: 1_000 }, 400)).toBe('0.0031');
    expect(usd('a', { cache_write: 1_000 }, 2_000)).toBe('0.004');
  });

  it('is nothing where the price is nothing, and unknown where there is no price', () => {
    expect(usd('free', { input: 9 })).toBe('0');
    expect(usd('b', { input: 9 })).toBeUndefined();
  });

  it('takes the prices of a long prompt for the whole call, once the prompt with its cached part is longer', () => {
    const long = { above: 100, input: '20', output: '100' };
    const prices = new PriceTable([listOf({ a: { input: '2', output: '10', long_prompt: long } })]);
    expect(usd('a', { input: 40, cache_read: 30, cache_write: 30, output: 1_000 }, 0, prices)).toBe('0.0102');
    expect(usd('a', { input: 41, cache_read: 30, cache_write: 30, output: 1_000 }, 0, prices)).toBe('0.10202');
  });

  it('where no price of the cache is told is that of the input', () => {
    const prices = new PriceTable([listOf({ plain: { input: '3', output: '9' } })]);
    const tokens = { cache_read: 1, cache_write: 2 };
    expect(usd('plain', tokens, 1, prices)).toBe('0.000009');
  });

  it('of two calls together is the sum of both, however the tokens are divided between them', () => {
    const cents = fc.integer({ min: 0, max: 999_999_999_999 }).map((n) => {
      const digits = String(n).padStart(7, '0');
      return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
    });
    const price = fc.record({ input: cents, output: cents, cache_read: cents, cache_write: cents });
    const count = fc.integer({ min: 0, max: 10_000_000 });
    const tokens = fc.record({ input: count, output: count, cache_read: count, cache_write: count, reasoning: count });
    fc.assert(
      fc.property(price, tokens, tokens, (rates, one, other) => {
        const prices = new PriceTable([listOf({ m: rates })]);
        const both = Object.fromEntries(
          Object.entries(one).map(([name, n]) => [name, n + other[name as keyof TokenCounts]]),
        );
        const sum = picodollars(usd('m', one, 0, prices)) + picodollars(usd('m', other, 0, prices));
        expect(picodollars(usd('m', both, 0, prices))).toBe(sum);
      }),
    );
  });
});

describe('the price of a model', () => {
  const cost = (prices: PriceTable, provider: string, ...models: string[]) =>
    prices.costOf({ provider, models }, { tokens: { ...noTokens, input: 1 } });
  const at = (input: string): ModelPrice => ({ input, output: '0' });

  it.each(['a-20260101', 'a-2026-01-01'])('is that of its dated release %s as well', (model) => {
    expect(usd(model, { input: 1 })).toBe('0.000002');
  });

  it('of a dated release that is named is its own', () => {
    const prices = new PriceTable([listOf({ a: at('2'), 'a-2026-01-01': at('5') })]);
    expect(cost(prices, 'p', 'a-2026-01-01')?.usd).toBe('0.000005');
  });

  it('may be of one provider alone', () => {
    const prices = new PriceTable([listOf({ a: at('2'), 'p/a': at('7') })]);
    expect([cost(prices, 'p', 'a')?.usd, cost(prices, 'q', 'a')?.usd]).toEqual(['0.000007', '0.000002']);
  });

  it('in another tier of service is that of the tier, and unknown where there is none for it', () => {
    const prices = new PriceTable([listOf({ a: at('2'), 'a@flex': at('1') })]);
    const tiered = (tier?: string) =>
      prices.costOf({ provider: 'p', models: ['a-20260101'], tier }, { tokens: { ...noTokens, input: 1 } })?.usd;
    expect([tiered(), tiered('flex'), tiered('priority')]).toEqual(['0.000002', '0.000001', undefined]);
  });

  it('is found by the name that was asked for, where the provider answers with one that has none', () => {
    expect(cost(table, 'p', 'internal-7', 'a')?.usd).toBe('0.000002');
  });

  it('is from the later list, and from the table below where no list names it; the version says which', () => {
    const below = new PriceTable([listOf({ a: at('1'), b: at('1') }, 'old')]);
    const prices = new PriceTable([listOf({ a: at('2') }, 'v1'), listOf({ a: at('3') }, 'v2')], below);
    expect(cost(prices, 'p', 'a')).toEqual({ usd: '0.000003', version: 'v2' });
    expect(cost(prices, 'p', 'b')).toEqual({ usd: '0.000001', version: 'old' });
    expect(prices.prices.map(({ model, version }) => [model, version])).toEqual([
      ['a', 'v2'],
      ['b', 'old'],
    ]);
  });

  it('of a name above goes before a closer name below', () => {
    const below = new PriceTable([listOf({ 'a-20260101': at('1') })]);
    expect(cost(new PriceTable([listOf({ a: at('2') })], below), 'p', 'a-20260101')?.usd).toBe('0.000002');
  });
});

it.each([anthropicPrices, openaiPrices])('the prices that $version ships are as a price list has to be', (list) => {
  const { version, ...rest } = list;
  expect(priceList.safeParse(rest).error).toBeUndefined();
  expect(version).toContain(list.as_of);
});

it('flex is half of OpenAI’s standard tier, to the last place and for long prompts too', () => {
  const { models } = openaiPrices;
  expect(models['gpt-5.4-mini@flex']).toEqual({
    input: '0.375',
    output: '2.25',
    cache_read: '0.0375',
    cache_write: '0.375',
  });
  expect(models['gpt-6.1-terra@flex']?.long_prompt).toEqual({
    above: 272_000,
    input: '1',
    output: '3.75',
    cache_read: '0.05',
    cache_write: '1.25',
  });
});

it.each(['-1', '1.1234567', '1e3', 'free'])('%s is no price', (input) => {
  expect(modelPrice.safeParse({ input, output: '1' }).success).toBe(false);
});
