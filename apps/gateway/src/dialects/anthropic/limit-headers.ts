import type { HeaderNames, LimitHeaders } from '@parley/limits';

const names = (unit: string): HeaderNames => ({
  limit: `anthropic-ratelimit-${unit}-limit`,
  remaining: `anthropic-ratelimit-${unit}-remaining`,
  reset: `anthropic-ratelimit-${unit}-reset`,
});

/** As Anthropic names and writes them (platform.claude.com/docs/en/api/rate-limits): the time is RFC 3339's. */
export const anthropicLimitHeaders: LimitHeaders = {
  requests: names('requests'),
  tokens: names('tokens'),
  writeReset: (resetsAt) => new Date(resetsAt).toISOString(),
};
