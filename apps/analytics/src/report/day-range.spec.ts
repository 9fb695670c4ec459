import { describe, expect, it } from '@jest/globals';
import { resolveRange } from './day-range.js';

const now = new Date('2026-03-10T23:59:59Z');

describe('resolveRange', () => {
  it('answers the last 30 days, today included, when nothing is named', () => {
    expect(resolveRange({}, now)).toEqual({ from: '2026-02-09', to: '2026-03-10' });
  });

  it('counts 30 days back from a named end', () => {
    expect(resolveRange({ to: '2026-01-30' }, now)).toEqual({ from: '2026-01-01', to: '2026-01-30' });
  });

  it('takes a single day', () => {
    expect(resolveRange({ from: '2026-03-01', to: '2026-03-01' }, now)).toEqual({
      from: '2026-03-01',
      to: '2026-03-01',
    });
  });

  it('takes 366 days and refuses 367, naming the field', () => {
    expect(resolveRange({ from: '2024-01-01', to: '2024-12-31' }, now).from).toBe('2024-01-01');
    expect(() => resolveRange({ from: '2023-12-31', to: '2024-12-31' }, now)).toThrow(
      expect.objectContaining({
        code: 'request.invalid',
        text: { fields: [expect.objectContaining({ path: 'from' })] },
      }),
    );
  });

  it.each([
    [{ from: '0000-12-31', to: '0001-01-05' }, 'from'],
    [{ to: '0001-01-05' }, 'to'],
    [{ to: '0000-01-05' }, 'to'],
  ])('refuses a range that starts before the year 1, which the database does not know: %j', (query, path) => {
    expect(() => resolveRange(query, now)).toThrow(
      expect.objectContaining({
        code: 'request.invalid',
        text: { fields: [expect.objectContaining({ path })] },
      }),
    );
  });

  it('refuses a range that ends before it starts', () => {
    expect(() => resolveRange({ from: '2026-03-02', to: '2026-03-01' }, now)).toThrow(
      expect.objectContaining({ code: 'request.invalid' }),
    );
  });
});
