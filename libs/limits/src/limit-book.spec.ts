import { describe, expect, it } from '@jest/globals';
import type { Identity } from '@parley/contracts';
import type { LiveConfig } from '@parley/discovery';
import { boundsOf, type Unit } from './bounds.js';
import { liveLimitsConfig, type LimitsConfig, type LiveLimits } from './config.js';
import { LimitBook } from './limit-book.js';

const [acme, other] = ['0f8fad5b-d9cb-469f-a165-70867728950e', '7c9e6679-7425-40de-944b-e07fc1f90ae7'];
const user = { tenantId: acme, subject: 'ada' } as Identity;
const withKey = { ...user, keyId: 'k1', requestsPerMinute: 5 } as Identity;

function newBook(config: LimitsConfig = {}) {
  const sut = new LimitBook(config);
  let onChange: (live: LiveLimits) => void = () => undefined;
  const live = { watch: (_: unknown, listener: typeof onChange) => void (onChange = listener) };
  sut.follow(live as unknown as LiveConfig);
  const bounds = (caller: Identity, units: readonly Unit[] = ['requests']) =>
    boundsOf(caller, sut.of(caller.tenantId), units).map(({ key, limit }) => [key, limit]);
  return { bounds, change: (settings: unknown) => onChange(liveLimitsConfig.parse(settings)) };
}

describe('what a call counts against', () => {
  it('is its key alone where nothing else is said, and 600 requests a minute of the user without a key', () => {
    const { bounds } = newBook();
    const all: readonly Unit[] = ['requests', 'tokens', 'streams'];

    expect(bounds(withKey, all)).toEqual([[`{${acme}}:k1`, 5]]);
    expect(bounds(user, all)).toEqual([[`{${acme}}:ada`, 600]]);
  });

  it('is the user’s limit where the key has none of its own', () => {
    const { requestsPerMinute: _, ...unbounded } = withKey;
    expect(newBook().bounds(unbounded)).toEqual([[`{${acme}}:ada`, 600]]);
  });

  it('is key, user and tenant where all are limited, each by itself, in one slot of a cluster', () => {
    const { bounds } = newBook({ USER_REQUESTS_PER_MINUTE: 20, TENANT_REQUESTS_PER_MINUTE: 30 });

    expect(bounds(withKey)).toEqual([
      [`{${acme}}:k1`, 5],
      [`{${acme}}:ada`, 20],
      [`{${acme}}`, 30],
    ]);
    expect(bounds(user)).toEqual([
      [`{${acme}}:ada`, 20],
      [`{${acme}}`, 30],
    ]);
  });

  it('counts tokens and streams where they are asked for, apart from requests', () => {
    const { bounds } = newBook({ TENANT_TOKENS_PER_MINUTE: 1_000, USER_CONCURRENT_STREAMS: 2 });
    const bounded = { ...withKey, tokensPerMinute: 100, concurrentStreams: 1 };

    expect(bounds(bounded, ['tokens', 'streams'])).toEqual([
      [`{${acme}}:k1:tokens`, 100],
      [`{${acme}}:k1:streams`, 1],
      [`{${acme}}:ada:streams`, 2],
      [`{${acme}}:tokens`, 1_000],
    ]);
  });
});

describe('the live configuration', () => {
  it('goes before what is configured, and gives it back when it is gone', () => {
    const { bounds, change } = newBook({ TENANT_REQUESTS_PER_MINUTE: 30 });
    change({ tenant_requests_per_minute: 7, breakers: 'are somebody else’s' });
    expect(bounds(withKey)).toContainEqual([`{${acme}}`, 7]);

    change({});
    expect(bounds(withKey)).toContainEqual([`{${acme}}`, 30]);
  });

  it('takes a limit away with null', () => {
    const { bounds, change } = newBook({ TENANT_REQUESTS_PER_MINUTE: 30 });
    change({ tenant_requests_per_minute: null, user_requests_per_minute: null });

    expect(bounds(withKey)).toEqual([[`{${acme}}:k1`, 5]]);
    expect(bounds(user)).toEqual([]);
  });

  it('says for one tenant what is no other’s', () => {
    const { bounds, change } = newBook();
    change({ tenant_requests_per_minute: 9, tenants: { [acme]: { tenant_requests_per_minute: 3 } } });

    expect(bounds(withKey)).toContainEqual([`{${acme}}`, 3]);
    expect(bounds({ ...withKey, tenantId: other })).toContainEqual([`{${other}}`, 9]);
  });

  it.each([
    { tenant_tokens_per_minute: 0 },
    { user_concurrent_streams: 1.5 },
    { tenants: { acme: {} } },
    { tenants: { [acme]: { tokens_per_minute: 3 } } },
  ])('refuses %j as a whole', (settings) => {
    expect(liveLimitsConfig.safeParse(settings).success).toBe(false);
  });
});
