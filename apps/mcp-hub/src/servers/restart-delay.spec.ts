import { expect, it } from '@jest/globals';
import { RestartDelay } from './restart-delay.js';

it('doubles from a quarter of a second up to half a minute for a server that does not start', () => {
  const sut = new RestartDelay();
  expect(Array.from({ length: 9 }, () => sut.next(0, false))).toEqual([
    250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
  ]);
});

it('is a second at the most for a server that took calls, however often a call breaks it', () => {
  const sut = new RestartDelay();
  expect(Array.from({ length: 5 }, () => sut.next(0, true))).toEqual([250, 500, 1_000, 1_000, 1_000]);
});

it('begins anew for a server that has run for a minute, and not a moment earlier', () => {
  const sut = new RestartDelay();
  sut.next(0, true);
  expect(sut.next(59_999, true)).toBe(500);
  expect(sut.next(60_000, true)).toBe(250);
});
