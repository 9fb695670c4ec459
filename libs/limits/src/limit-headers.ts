import type { Told } from './admission.js';
import type { Unit } from './bounds.js';
import { formatDuration } from './duration.js';

/** The headers in which an API tells of one limit: how much there is, how much is left, when the minute ends. */
export interface HeaderNames {
  readonly limit: string;
  readonly remaining: string;
  readonly reset: string;
}

/** How an API tells of its limits, besides the fields that all have. */
export interface LimitHeaders {
  readonly requests: HeaderNames;
  readonly tokens: HeaderNames;
  /** Of the end of the minute, in milliseconds since the Unix epoch. */
  writeReset(resetsAt: number, now: number): string;
}

const openai = (unit: Unit): HeaderNames => ({
  limit: `x-ratelimit-limit-${unit}`,
  remaining: `x-ratelimit-remaining-${unit}`,
  reset: `x-ratelimit-reset-${unit}`,
});

/** The names and forms of OpenAI's (platform.openai.com/docs/guides/rate-limits), which its clients know how to read. */
export const openaiLimitHeaders: LimitHeaders = {
  requests: openai('requests'),
  tokens: openai('tokens'),
  writeReset: (resetsAt, now) => formatDuration(Math.max(0, resetsAt - now)),
};

/** The fields of draft-ietf-httpapi-ratelimit-headers-11. */
export const policyField = 'ratelimit-policy';
export const limitField = 'ratelimit';

/** Its registry of units has none for tokens. */
const policies: Readonly<Record<Unit, string>> = {
  requests: ';w=60',
  tokens: ';w=60;qu="tokens"',
  streams: ';qu="concurrent-requests"',
};

/** For example `"key-requests";q=100;w=60`. */
export const policyOf = (told: readonly Told[]): string =>
  told.map(({ scope, unit, limit }) => `"${scope}-${unit}";q=${limit}${policies[unit]}`).join(', ');

/** For example `"key-requests";r=99;t=60`; of one that refused, `t` is when to come back. When a stream ends nobody can say. */
export const limitOf = (told: readonly Told[], now: number): string =>
  told
    .map(({ scope, unit, remaining, allowed, resetsAt, retryAfterMs }) => {
      const ms = allowed ? Math.max(0, resetsAt - now) : retryAfterMs;
      return `"${scope}-${unit}";r=${remaining}${unit === 'streams' ? '' : `;t=${Math.ceil(ms / 1_000)}`}`;
    })
    .join(', ');
