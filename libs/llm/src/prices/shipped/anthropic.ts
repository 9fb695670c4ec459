import type { PriceList } from '../price-list.js';

/** Of one row: input, output, cache read, and what is written to the cache for five minutes and for an hour. */
const price = (input: string, output: string, cache_read: string, cache_write: string, cache_write_1h: string) => ({
  input,
  output,
  cache_read,
  cache_write,
  cache_write_1h,
});

/** Standard speed and tier where the name says no other. Inference in the US alone costs a tenth more: see ADR 0028. */
export const anthropicPrices: PriceList = {
  version: 'anthropic:2026-11-10',
  source: 'https://platform.claude.com/docs/en/about-claude/pricing',
  as_of: '2026-11-10',
  models: {
    'claude-fable-5-2': price('8', '40', '0.20', '10', '16'),
    'claude-fable-5-1': price('10', '50', '0.25', '12.50', '20'),
    'claude-mythos-5-1': price('10', '50', '0.25', '12.50', '20'),
    'claude-fable-5': price('10', '50', '1', '12.50', '20'),
    'claude-mythos-5': price('10', '50', '1', '12.50', '20'),
    'claude-opus-5-5': price('4', '20', '0.20', '5', '8'),
    'claude-opus-5-5@fast': price('8', '40', '0.40', '10', '16'),
    'claude-opus-5': price('5', '25', '0.50', '6.25', '10'),
    'claude-opus-4-8': price('5', '25', '0.50', '6.25', '10'),
    'claude-opus-4-7': price('5', '25', '0.50', '6.25', '10'),
    'claude-opus-4-6': price('5', '25', '0.50', '6.25', '10'),
    'claude-opus-4-5': price('5', '25', '0.50', '6.25', '10'),
    'claude-opus-4-1': price('15', '75', '1.50', '18.75', '30'),
    'claude-sonnet-5-5': price('2', '10', '0.10', '2.50', '4'),
    'claude-sonnet-5': price('2', '10', '0.20', '2.50', '4'),
    'claude-sonnet-4-6': price('3', '15', '0.30', '3.75', '6'),
    'claude-sonnet-4-5': price('3', '15', '0.30', '3.75', '6'),
    'claude-sonnet-4': price('3', '15', '0.30', '3.75', '6'),
    'claude-haiku-5-5': {
      ...price('0.10', '0.50', '0.01', '0.125', '0.20'),
      long_prompt: { above: 100_000, ...price('0.50', '2.50', '0.05', '0.625', '1') },
    },
    'claude-haiku-4-5': price('1', '5', '0.10', '1.25', '2'),
  },
};
