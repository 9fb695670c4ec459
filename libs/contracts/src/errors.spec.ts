import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { AppError, errorCodes, isAppError } from './errors.js';

describe('the table of error codes', () => {
  it('has a runbook entry for each code, and no other', () => {
    const runbook = readFileSync(new URL('../../../docs/runbooks/errors.md', import.meta.url), 'utf8');
    const entries = [...runbook.matchAll(/^### (\S+)$/gm)].map(([, code]) => code);

    expect(entries.toSorted()).toEqual(Object.keys(errorCodes).toSorted());
  });
});

describe('an AppError', () => {
  it('has the status of its code', () => {
    expect(new AppError('request.rate_limited').status).toBe(429);
  });

  it('shows the log its internal text, and falls back to what the caller reads', () => {
    expect(new AppError('service.internal', { internal: 'pool is gone', detail: 'sorry' }).message).toBe(
      'pool is gone',
    );
    expect(new AppError('service.internal', { detail: 'sorry' }).message).toBe('sorry');
    expect(new AppError('service.internal').message).toBe(errorCodes['service.internal'].title);
  });

  it('is known by name and code, also when another copy of the package made it', () => {
    const foreign = Object.assign(new Error('x'), { name: 'AppError', code: 'model.not_found' });

    expect(isAppError(foreign)).toBe(true);
    expect(isAppError(Object.assign(new Error('x'), { name: 'AppError', code: 'no.such' }))).toBe(false);
    expect(isAppError('model.not_found')).toBe(false);
  });
});
