import type { ModelPrice } from '@parley/contracts';
import type { PriceList } from '../price-list.js';
import { scaled } from './scaled.js';

/** Of one row: input, cached input and output; before GPT-5.6 writing to the cache costs what the input does. */
const price = (input: string, cache_read: string, output: string, cache_write = input) => ({
  input,
  output,
  cache_read,
  cache_write,
});

/** A prompt above 272,000 tokens doubles what goes in and adds a half to what comes out, for the whole call. */
const long = (...row: Parameters<typeof price>) => ({ long_prompt: { above: 272_000, ...price(...row) } });

const embedding = (input: string) => ({ input, output: '0' });

const models = {
  'gpt-6-astra': { ...price('10', '1', '50', '12.50'), ...long('20', '2', '75', '25') },
  'gpt-6.1-sol': { ...price('2', '0.10', '10', '2.50'), ...long('4', '0.20', '15', '5') },
  'gpt-6.1-terra': { ...price('1', '0.05', '5', '1.25'), ...long('2', '0.10', '7.50', '2.50') },
  'gpt-6-sol': { ...price('2', '0.20', '10', '2.50'), ...long('4', '0.40', '15', '5') },
  'gpt-6-luna': { ...price('0.10', '0.01', '0.50', '0.125'), ...long('0.20', '0.02', '0.75', '0.25') },
  'gpt-5.6-sol': { ...price('4', '0.40', '20', '5'), ...long('8', '0.80', '30', '10') },
  'gpt-5.6-terra': { ...price('2', '0.20', '12', '2.50'), ...long('4', '0.40', '18', '5') },
  'gpt-5.6-luna': { ...price('0.20', '0.02', '1.20', '0.25'), ...long('0.40', '0.04', '1.80', '0.50') },
  'gpt-5.5': { ...price('5', '0.50', '30'), ...long('10', '1', '45') },
  'gpt-5.4': { ...price('2.50', '0.25', '15'), ...long('5', '0.50', '22.50') },
  'gpt-5.4-mini': price('0.75', '0.075', '4.50'),
  'gpt-5.4-nano': price('0.20', '0.02', '1.25'),
  'gpt-5.2': price('1.75', '0.175', '14'),
  'gpt-5.1': price('1.25', '0.125', '10'),
  'gpt-5': price('1.25', '0.125', '10'),
  'gpt-5-mini': price('0.25', '0.025', '2'),
  'gpt-5-nano': price('0.05', '0.005', '0.40'),
  'gpt-4.1': price('2', '0.50', '8'),
  'gpt-4.1-mini': price('0.40', '0.10', '1.60'),
  'gpt-4.1-nano': price('0.10', '0.025', '0.40'),
  'gpt-4o': price('2.50', '1.25', '10'),
  'gpt-4o-2024-05-13': price('5', '5', '15'),
  'gpt-4o-mini': price('0.15', '0.075', '0.60'),
  o3: price('2', '0.50', '8'),
  'o4-mini': price('1.10', '0.275', '4.40'),
  'text-embedding-3-small': embedding('0.02'),
  'text-embedding-3-large': embedding('0.13'),
  'text-embedding-ada-002': embedding('0.10'),
} satisfies Record<string, ModelPrice>;

const flex = Object.entries(models)
  .filter(([name]) => /^(gpt-[56]|o\d)/.test(name))
  .map(([name, price]) => [`${name}@flex`, scaled(price, 0.5)] as const);

/** Flex costs half of the standard tier. A tier without a price here, and data residency, are in ADR 0028. */
export const openaiPrices: PriceList = {
  version: 'openai:2026-11-05',
  source: 'https://developers.openai.com/api/docs/pricing',
  as_of: '2026-11-05',
  models: {
    ...models,
    ...Object.fromEntries(flex),
    'gpt-6-astra@priority': scaled(models['gpt-6-astra'], 2),
    'gpt-5.5@priority': price('12.50', '1.25', '75'),
    'gpt-5.4@priority': price('5', '0.50', '30'),
  },
};
