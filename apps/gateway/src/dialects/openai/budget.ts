import { formatDuration } from '@parley/limits';
import type { BudgetHeaders } from '../dialect.js';

/** As OpenAI names and writes them (platform.openai.com/docs/guides/rate-limits). */
export const openaiBudget: BudgetHeaders = {
  limit: 'x-ratelimit-limit-tokens',
  remaining: 'x-ratelimit-remaining-tokens',
  reset: 'x-ratelimit-reset-tokens',
  writeReset: ({ resetMs }) => formatDuration(resetMs),
};
