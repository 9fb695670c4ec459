import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SlidingWindow } from './sliding-window.js';

const windowMs = 1_000;

it('counts everything of the last nine tenths of the window and nothing older than the window', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 700 }), { minLength: 1, maxLength: 60 }), (gaps) => {
      const sut = new SlidingWindow(windowMs, 1);
      let now = 1_700_000_000_000;
      const times = gaps.map((gap) => {
        now += gap;
        sut.add(now, 0);
        return now;
      });
      const total = sut.total(now, 0);
      expect(total).toBeGreaterThanOrEqual(times.filter((time) => time > now - windowMs * 0.9).length);
      expect(total).toBeLessThanOrEqual(times.filter((time) => time > now - windowMs).length);
    }),
  );
});

it('keeps its counters apart', () => {
  const sut = new SlidingWindow(windowMs, 2);
  sut.add(0, 0, 3);
  sut.add(0, 1);
  expect([sut.total(0, 0), sut.total(0, 1)]).toEqual([3, 1]);
});

it('goes on counting when the clock is set back', () => {
  const sut = new SlidingWindow(windowMs, 1);
  sut.add(5_000, 0);
  sut.add(1_000, 0);
  expect(sut.total(1_000, 0)).toBe(2);
  expect(sut.total(7_000, 0)).toBe(0);
});
