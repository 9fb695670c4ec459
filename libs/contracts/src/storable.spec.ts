import { describe, expect, it } from '@jest/globals';
import { storedDay, storedText, storedTimestamp } from './storable.js';

describe('a text that is stored', () => {
  it.each(['x', 'Ünïcödé 🦜', 'two\nlines', 'x'.repeat(20)])('may be %j', (text) => {
    expect(storedText(20).parse(` ${text} `)).toBe(text);
  });

  it.each(['', '  ', 'x'.repeat(21), 'nul \u0000', 'half \ud83e', '\udd9c half', '\udd9c\ud83e'])(
    'is never what cannot be stored, or is too long: %j',
    (text) => {
      expect(storedText(20).safeParse(text).success).toBe(false);
    },
  );
});

describe('a moment or day of a cursor', () => {
  it('is any that a list gives out', () => {
    expect(storedTimestamp.safeParse(new Date().toISOString()).success).toBe(true);
    expect(storedDay.safeParse('0001-01-01').success).toBe(true);
  });

  it.each(['0000-01-01T00:00:00.000Z', '2026-02-30T00:00:00.000Z', `2026-01-01T00:00:00.${'0'.repeat(200)}Z`])(
    'is none that PostgreSQL refuses: %s',
    (moment) => {
      expect(storedTimestamp.safeParse(moment).success).toBe(false);
    },
  );

  it.each(['0000-01-01', '2026-02-30'])('is none that PostgreSQL refuses: %s', (day) => {
    expect(storedDay.safeParse(day).success).toBe(false);
  });
});
