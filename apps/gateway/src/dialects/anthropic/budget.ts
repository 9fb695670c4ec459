import type { BudgetHeaders } from '../dialect.js';

/** As Anthropic names and writes them (platform.claude.com/docs/en/api/rate-limits): the time is RFC 3339's. */
export const anthropicBudget: BudgetHeaders = {
  limit: 'anthropic-ratelimit-tokens-limit',
  remaining: 'anthropic-ratelimit-tokens-remaining',
  reset: 'anthropic-ratelimit-tokens-reset',
  writeReset: ({ resetsAt }) => resetsAt.toISOString(),
};
