import { expect, it } from '@jest/globals';
import { readBookmark, theEnd, turnTold, writeBookmark, type Place } from './place.js';

const turnId = '0198c0de-0000-4000-8000-000000000001';

it.each<[Place, number, string]>([
  [turnTold, 0, turnId],
  [{ block: 0, offset: -1 }, 0, `${turnId}.0`],
  [{ block: 3, offset: 0 }, 0, `${turnId}.3.0`],
  [{ block: 3, offset: 250 }, 2, `${turnId}.3.250+2`],
  [theEnd, 0, `${turnId}.end`],
])('a place is read from the id that it was written as', (place, frames, text) => {
  expect(writeBookmark({ turnId, place, frames })).toBe(text);
  expect(readBookmark(text)).toEqual({ turnId, place, frames });
});

it.each(['', 'x', turnId.slice(1), `${turnId}.`, `${turnId}.-1`, `${turnId}.1.2.3`, `${turnId}.end.1`, ` ${turnId}`])(
  'what is no id of an event is none: %j',
  (text) => {
    expect(readBookmark(text)).toBeUndefined();
  },
);
