import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { storedDay } from '../storable.js';
import { decodeCursor, encodeCursor, toPage } from './page.js';

const key = z.tuple([storedDay, z.string()]);

describe('a page', () => {
  it('names the next page while there is one, by the key of its last row', () => {
    const page = toPage([{ id: 'a' }, { id: 'b' }, { id: 'c' }], 2, (row) => ['2026-01-01', row.id]);
    expect(page.data).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect(decodeCursor(key, page.next_cursor ?? '')).toEqual(['2026-01-01', 'b']);
  });

  it('ends with a null cursor, also when the rows fill it exactly', () => {
    expect(toPage([1, 2], 2, (row) => [row]).next_cursor).toBeNull();
    expect(toPage([], 2, (row) => [row])).toEqual({ data: [], next_cursor: null });
  });
});

describe('a cursor', () => {
  it.each(['', 'garbage', '%%%', encodeCursor(['0000-01-01', 'b']), encodeCursor(['2026-01-01'])])(
    'that no list gave out is refused: %j',
    (cursor) => {
      expect(() => decodeCursor(key, cursor)).toThrow(expect.objectContaining({ code: 'cursor.invalid' }));
    },
  );
});
