import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ManualClock } from '../testing.js';
import { RetryBudget } from './retry-budget.js';

interface Step {
  readonly afterMs: number;
  readonly calls: number;
  readonly retries: number;
}
const steps = fc.array(
  fc.record<Step>({ afterMs: fc.nat({ max: 3_000 }), calls: fc.nat({ max: 50 }), retries: fc.nat({ max: 50 }) }),
  { maxLength: 40 },
);

it('grants at most ratio × calls + 10 × minPerSecond retries in any 10 s', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 3 }), async (run, ratio, min) => {
      let now = 1_700_000_000_000;
      const sut = new RetryBudget({ ratio, minPerSecond: min, clock: { now: () => now, setTimeout: () => () => {} } });
      const log: { at: number; calls: number; granted: number }[] = [];
      for (const { afterMs, calls, retries } of run) {
        now += afterMs;
        for (let made = 0; made < calls; made += 1) sut.call();
        let granted = 0;
        for (let asked = 0; asked < retries; asked += 1) granted += Number(sut.take());
        log.push({ at: now, calls, granted });
        // The window moves by a second at a time: what it still counts lies within the last 10 s, and it forgets
        // nothing of the last 9 s.
        const granted9s = sum(log.filter(({ at }) => at > now - 9_000).map((entry) => entry.granted));
        const calls10s = sum(log.filter(({ at }) => at > now - 10_000).map((entry) => entry.calls));
        if (granted > 0) expect(granted9s).toBeLessThanOrEqual(ratio * calls10s + 10 * min + 1e-9);
      }
    }),
  );
});

it('lets a quiet service retry, and no more than its minimum', () => {
  const sut = new RetryBudget({ ratio: 0, minPerSecond: 1, clock: new ManualClock() });
  expect(Array.from({ length: 11 }, () => sut.take())).toEqual([...Array<boolean>(10).fill(true), false]);
});

it('leaves the rest to others where only a share is asked for', () => {
  const sut = new RetryBudget({ ratio: 0, minPerSecond: 1, clock: new ManualClock() });
  const granted = (count: number, share?: number) =>
    Array.from({ length: count }, () => sut.take(share)).filter(Boolean);
  expect(granted(10, 0.5)).toHaveLength(5);
  expect(granted(10)).toHaveLength(5);
});

it('grants again once the window has moved on', async () => {
  const clock = new ManualClock();
  const sut = new RetryBudget({ ratio: 0.5, minPerSecond: 0, clock });
  sut.call();
  sut.call();
  expect([sut.take(), sut.take()]).toEqual([true, false]);
  await clock.advance(10_000);
  expect(sut.take()).toBe(false);
  sut.call();
  sut.call();
  expect(sut.take()).toBe(true);
});

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
