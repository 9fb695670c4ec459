import { describe, expect, it } from '@jest/globals';
import { AppError } from '@parley/contracts';
import { RejectedError } from '@parley/resilience';
import { blames } from './failure.js';

describe('an instance is blamed', () => {
  it.each([
    ['that it failed', new AppError('service.internal')],
    ['that it is at its limit', new AppError('service.overloaded')],
    ['nothing that can be read', new AppError('service.bad_response')],
    ['nothing in time', new RejectedError('timeout', 'sessions')],
    ['nothing at all', new Error('socket hang up')],
  ])('when it answered %s', (_, error) => {
    expect(blames(error)).toBe(true);
  });

  it.each([
    ['the caller', new AppError('session.not_found')],
    ['a provider behind it', new AppError('provider.overloaded')],
    ['our own bulkhead', new RejectedError('bulkhead_full', 'sessions')],
  ])('but not for a failure of %s', (_, error) => {
    expect(blames(error)).toBe(false);
  });
});
