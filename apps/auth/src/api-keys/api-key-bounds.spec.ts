import { describe, expect, it } from '@jest/globals';
import { boundsOf, demandWithin, isBounded, type ApiKeyBounds } from './api-key-bounds.js';

const now = Date.parse('2026-01-01T00:00:00Z');
const tomorrow = '2026-01-02T00:00:00.000Z';
const nextWeek = '2026-01-08T00:00:00.000Z';

const none: ApiKeyBounds = {
  requestsPerMinute: 100,
  tokensPerMinute: null,
  concurrentStreams: null,
  models: null,
  allowedAddresses: null,
  expiresAt: null,
};

const refusalOf = (...paths: readonly string[]) =>
  expect.objectContaining({
    code: 'api_key.not_grantable',
    text: expect.objectContaining({ fields: paths.map((path) => expect.objectContaining({ path })) }),
  });

describe('a key made by a user', () => {
  it('has 100 requests a minute and no other bound, or what the request names, each once', () => {
    expect(boundsOf({}, undefined, now)).toEqual(none);
    const named = {
      requests_per_minute: 5_000,
      tokens_per_minute: 1_000,
      concurrent_streams: 2,
      models: ['a', 'b', 'a'],
      allowed_addresses: ['192.0.2.0/24', '192.0.2.0/24'],
      expires_at: nextWeek,
    };
    expect(boundsOf(named, undefined, now)).toEqual({
      requestsPerMinute: 5_000,
      tokensPerMinute: 1_000,
      concurrentStreams: 2,
      models: ['a', 'b'],
      allowedAddresses: ['192.0.2.0/24'],
      expiresAt: new Date(nextWeek),
    });
  });

  it('cannot have ended already', () => {
    expect(() => boundsOf({ expires_at: '2025-12-31T00:00:00Z' }, undefined, now)).toThrow(
      expect.objectContaining({ code: 'request.invalid' }),
    );
  });
});

describe('a key made by a key', () => {
  const maker: ApiKeyBounds = {
    requestsPerMinute: 20,
    tokensPerMinute: 500,
    concurrentStreams: 3,
    models: ['small', 'large'],
    allowedAddresses: ['192.0.2.0/24'],
    expiresAt: new Date(tomorrow),
  };

  it('takes its maker’s bounds where the request names none', () => {
    expect(boundsOf({}, maker, now)).toEqual(maker);
    expect(boundsOf({}, { ...none, requestsPerMinute: 5_000 }, now)).toEqual(none);
  });

  it('may have just what its maker has, or less', () => {
    const same = {
      requests_per_minute: 20,
      tokens_per_minute: 500,
      concurrent_streams: 3,
      models: ['large', 'small'],
      allowed_addresses: ['192.0.2.0/24'],
      expires_at: tomorrow,
    };
    expect(boundsOf(same, maker, now)).toEqual({ ...maker, models: ['large', 'small'] });
    const less = { models: ['small'], allowed_addresses: ['192.0.2.128/25', '192.0.2.7'], tokens_per_minute: 1 };
    expect(boundsOf(less, maker, now)).toMatchObject({ models: ['small'], tokensPerMinute: 1 });
  });

  it.each([
    ['requests', { requests_per_minute: 21 }, 'requests_per_minute'],
    ['tokens', { tokens_per_minute: 501 }, 'tokens_per_minute'],
    ['streams', { concurrent_streams: 4 }, 'concurrent_streams'],
    ['models', { models: ['small', 'other'] }, 'models'],
    ['addresses', { allowed_addresses: ['192.0.2.7', '198.51.100.7'] }, 'allowed_addresses'],
    ['time', { expires_at: nextWeek }, 'expires_at'],
  ])('cannot have more %s than its maker', (_, request, path) => {
    expect(() => boundsOf(request, maker, now)).toThrow(refusalOf(path));
  });
});

it('a key without bounds is more than one with them, which says so of each', () => {
  const bounded = { ...none, tokensPerMinute: 1, models: ['small'], expiresAt: new Date(tomorrow) };
  expect(() => demandWithin(none, bounded)).toThrow(refusalOf('tokens_per_minute', 'models', 'expires_at'));
});

describe('a key with bounds', () => {
  it('is one that is bound in anything but requests, in which everybody is', () => {
    expect(isBounded(none)).toBe(false);
    const bounds: Partial<ApiKeyBounds>[] = [
      { tokensPerMinute: 1 },
      { concurrentStreams: 1 },
      { models: ['a'] },
      { allowedAddresses: ['10.0.0.0/8'] },
      { expiresAt: new Date(nextWeek) },
    ];
    for (const bound of bounds) expect(isBounded({ ...none, ...bound })).toBe(true);
  });
});
