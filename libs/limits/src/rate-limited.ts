import { applyDecorators, SetMetadata, UseGuards } from '@nestjs/common';
import { limitHeadersMetadata, type LimitHeaderTexts } from '@parley/service-kit';
import { limitField, openaiLimitHeaders, policyField, type HeaderNames } from './limit-headers.js';
import { RateLimitGuard, rateLimitMetadata, type RateLimitOptions } from './rate-limit.guard.js';

/** Counts the route's calls against its caller's limits, after IdentityGuard; what a route says itself wins over its controller. */
export const RateLimited = (options: RateLimitOptions = {}): ClassDecorator & MethodDecorator =>
  applyDecorators(
    SetMetadata(rateLimitMetadata, options),
    SetMetadata(limitHeadersMetadata, textsOf(options)),
    UseGuards(RateLimitGuard),
  );

/** For the API's description. */
function textsOf({ tokens = false, headers }: RateLimitOptions): LimitHeaderTexts {
  const names = headers?.({}) ?? openaiLimitHeaders;
  return {
    [policyField]: 'Every limit that the call counts against (draft-ietf-httpapi-ratelimit-headers)',
    [limitField]: 'What is left of each, and until when',
    ...texts('Requests', names.requests),
    ...(tokens && texts('Tokens', names.tokens)),
  };
}

const texts = (what: string, { limit, remaining, reset }: HeaderNames): LimitHeaderTexts => ({
  [limit]: `${what} a minute, of the key, user or tenant that has the least left`,
  [remaining]: 'What of them is left',
  [reset]: 'When this minute of them ends',
});
