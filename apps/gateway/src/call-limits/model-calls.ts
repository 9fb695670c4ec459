import type { RateLimitOptions } from '@parley/limits';
import type { Dialect } from '../dialects/dialect.js';

const asksForStream = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'stream' in body && body.stream === true;

/** For `@RateLimited`: a call to a model counts against requests, tokens and, streamed, streams, and tells of it as its dialect does. */
export const modelCalls = ({ limitHeaders }: Pick<Dialect, 'limitHeaders'>): RateLimitOptions => ({
  tokens: true,
  asksForStream,
  headers: () => limitHeaders,
});
