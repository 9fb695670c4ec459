import { describe, expect, it } from '@jest/globals';
import { retryAfterMs, statusFailure, transportFailure } from './failures.js';

const now = Date.parse('2026-01-01T00:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['3', 3_000],
    ['0.5', 500],
    ['Thu, 01 Jan 2026 00:00:09 GMT', 9_000],
    ['999999', 3_600_000],
    ['soon', undefined],
    ['Wed, 31 Dec 2025 23:59:00 GMT', undefined],
    [undefined, undefined],
  ])('%s is %s ms', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });
});

describe('an error of a provider', () => {
  it.each([302, 404, 408, 429, 500, 503, 504, 529])('of status %i keeps the provider’s words for the log', (status) => {
    const failure = statusFailure({ provider: 'p', status, message: 'stack trace at db.internal' });
    expect(failure.text.detail).toBeUndefined();
    expect(failure.text.internal).toContain('stack trace at db.internal');
  });

  it('about the request is told to the caller, without what may be a credential', () => {
    const failure = statusFailure({
      provider: 'p',
      status: 400,
      message: 'temperature is too high for key sk-secret-1',
    });
    expect(failure.text.detail).toBe('temperature is too high for key [redacted]');
  });

  it('which is no HTTP at all is a bad response', () => {
    const error = Object.assign(new Error('Invalid header'), { code: 'HPE_INVALID_HEADER_TOKEN' });
    expect(transportFailure(error, 'p', true).code).toBe('provider.bad_response');
  });

  it('which is a lost connection tells whether an answer had begun', () => {
    const error = Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
    expect(transportFailure(error, 'p', false).code).toBe('provider.failed');
    expect(transportFailure(error, 'p', true).code).toBe('provider.interrupted');
  });

  it('which redirects is a bad response, since nothing is followed with our credential', () => {
    expect(statusFailure({ provider: 'p', status: 302, message: undefined }).code).toBe('provider.bad_response');
  });
});
