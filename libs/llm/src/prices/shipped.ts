import type { PriceList } from './price-list.js';

/**
 * Prices that Parley knows without being told: US dollars per million tokens, as the vendor published them on the day.
 * `cache_write` is the five-minute cache's. PARLEY_PRICES_FILE adds models and takes precedence.
 */
export const shippedPrices: PriceList = {
  source: 'https://platform.claude.com/docs/en/about-claude/pricing',
  as_of: '2026-11-21',
  models: {
    'claude-opus-5-5': { input: '4', output: '20', cache_read: '0.20', cache_write: '5' },
    'claude-opus-5': { input: '5', output: '25', cache_read: '0.50', cache_write: '6.25' },
    'claude-sonnet-5-5': { input: '2', output: '10', cache_read: '0.20', cache_write: '2.50' },
    'claude-sonnet-5': { input: '2', output: '10', cache_read: '0.20', cache_write: '2.50' },
    'claude-haiku-4-5': { input: '1', output: '5', cache_read: '0.10', cache_write: '1.25' },
    'claude-opus-4-1': { input: '15', output: '75', cache_read: '1.50', cache_write: '18.75' },
    'claude-sonnet-4': { input: '3', output: '15', cache_read: '0.30', cache_write: '3.75' },
  },
};
