import { describe, expect, it } from '@jest/globals';
import { boundsOf } from './api-key-bounds.js';

const now = Date.parse('2026-01-01T00:00:00Z');
const tomorrow = '2026-01-02T00:00:00.000Z';
const nextWeek = '2026-01-08T00:00:00.000Z';

describe('a key made by a user', () => {
  it('has 100 requests a minute and no end, or what the request names', () => {
    expect(boundsOf({}, undefined, now)).toEqual({ requestsPerMinute: 100, expiresAt: null });
    const named = { requests_per_minute: 5_000, expires_at: nextWeek };
    expect(boundsOf(named, undefined, now)).toEqual({ requestsPerMinute: 5_000, expiresAt: new Date(nextWeek) });
  });

  it('cannot have ended already', () => {
    expect(() => boundsOf({ expires_at: '2025-12-31T00:00:00Z' }, undefined, now)).toThrow(
      expect.objectContaining({ code: 'request.invalid' }),
    );
  });
});

describe('a key made by a key', () => {
  const maker = { requestsPerMinute: 20, expiresAt: new Date(tomorrow) };

  it('takes its maker’s limit and end where the request names none', () => {
    expect(boundsOf({}, maker, now)).toEqual(maker);
    expect(boundsOf({}, { requestsPerMinute: 5_000, expiresAt: null }, now)).toEqual({
      requestsPerMinute: 100,
      expiresAt: null,
    });
  });

  it('may have just what its maker has', () => {
    expect(boundsOf({ requests_per_minute: 20, expires_at: tomorrow }, maker, now)).toEqual(maker);
  });

  it.each([
    ['outrun it', { requests_per_minute: 21 }, 'requests_per_minute'],
    ['outlive it', { expires_at: nextWeek }, 'expires_at'],
  ])('cannot %s', (_, request, path) => {
    expect(() => boundsOf(request, maker, now)).toThrow(
      expect.objectContaining({
        code: 'api_key.not_grantable',
        text: expect.objectContaining({ fields: [expect.objectContaining({ path })] }),
      }),
    );
  });
});
