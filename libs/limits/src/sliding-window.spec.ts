import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide } from './decision.js';
import { take, type Rule, type Window } from './sliding-window.js';

const minute: Rule = { limit: 100, windowMs: 60_000, cost: 1, needs: 1 };

/** Calls at the given times; answers which of them were allowed, and the last decision. */
function calls(times: readonly number[], rule: Rule = minute) {
  let window: Window | undefined;
  const results = times.flatMap((now) => {
    const { windows, taken } = take([{ kept: window, rule }], now);
    [window] = windows;
    return decide(taken, [rule], 'local');
  });
  const last = results.at(-1);
  if (!last) throw new Error('no call');
  return { allowed: results.filter((result) => result.allowed).length, results, last };
}
const times = (count: number, at: number) => Array.from({ length: count }, () => at);
const t0 = 1_767_225_655_000;

describe('a sliding window', () => {
  it('allows exactly the limit in a fresh minute, wherever on the clock it begins', () => {
    for (const start of [t0, t0 + 59_999, t0 + 4_321]) {
      const spread = Array.from({ length: 100 }, (_, call) => start + call * 599);
      expect(calls([...spread, start + 59_999]).results.map(({ allowed }) => allowed)).toEqual([
        ...Array<boolean>(100).fill(true),
        false,
      ]);
    }
  });

  it('counts down what remains', () => {
    expect(calls(times(1, t0)).last.remaining).toBe(99);
    expect(calls(times(100, t0)).last).toMatchObject({ allowed: true, remaining: 0, retryAfterMs: 0 });
    expect(calls(times(101, t0)).last).toMatchObject({ allowed: false, remaining: 0, resetMs: 60_000 });
  });

  it('frees capacity evenly over the minute after a full one', () => {
    const burst = times(100, t0);
    expect(calls([...burst, ...times(100, t0 + 60_000)]).allowed).toBe(100);
    expect(calls([...burst, ...times(100, t0 + 90_000)]).allowed).toBe(150);
    expect(calls([...burst, ...times(100, t0 + 120_000)]).allowed).toBe(200);
  });

  it('does not charge for a refused call', () => {
    expect(calls([...times(100, t0), ...times(1_000, t0 + 1), t0 + 120_000]).last).toMatchObject({
      allowed: true,
      remaining: 99,
    });
  });

  it('takes what a call costs, and never what it cannot have', () => {
    expect(calls(times(3, t0), { ...minute, cost: 40, needs: 40 }).results.map(({ allowed }) => allowed)).toEqual([
      true,
      true,
      false,
    ]);
    expect(calls(times(1, t0), { ...minute, cost: 101, needs: 101 }).last).toMatchObject({
      allowed: false,
      retryAfterMs: 60_000,
    });
  });

  it('is not stretched by a clock that is set back', () => {
    const back = t0 - 3_600_000;
    expect(calls([...times(100, t0), back]).last).toMatchObject({ allowed: false, resetMs: 60_000 });
    expect(calls([...times(100, t0), back, ...times(1, back + 120_000)]).last.allowed).toBe(true);
  });

  it('never allows more than the limit within any span of one window after a fresh start', () => {
    const rule = { limit: 10, windowMs: 1_000, cost: 1, needs: 1 };
    const gaps = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(gaps, (steps) => {
        let at = t0;
        const within = steps.map((step) => (at += step)).filter((time) => time < t0 + rule.windowMs);
        fc.pre(within.length > 0);
        expect(calls(within, rule).allowed).toBeLessThanOrEqual(rule.limit);
      }),
    );
  });

  it('allows the call that waited as long as it was told, and none much earlier', () => {
    const rule = { limit: 10, windowMs: 1_000, cost: 1, needs: 1 };
    const gaps = fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(gaps, (steps) => {
        let at = t0;
        const made = steps.map((step) => (at += step));
        const refused = [...made, ...times(11, at)];
        const { last } = calls(refused, rule);
        expect(last.allowed).toBe(false);
        expect(calls([...refused, at + last.retryAfterMs], rule).last.allowed).toBe(true);
        expect(calls([...refused, at + last.retryAfterMs - 2], rule).last.allowed).toBe(false);
      }),
    );
  });
});

describe('several windows of one call', () => {
  const rules: readonly Rule[] = [
    { ...minute, limit: 3 },
    { ...minute, limit: 2 },
    { ...minute, limit: 5, cost: 0 },
  ];

  /** Calls of all three at one moment. */
  function together(count: number, of: readonly Rule[] = rules) {
    let kept: readonly (Window | undefined)[] = of.map(() => undefined);
    return times(count, t0).map((now) => {
      const { windows, taken } = take(
        of.map((rule, at) => ({ rule, kept: kept[at] })),
        now,
      );
      kept = windows;
      return { allowed: taken.allowed, told: decide(taken, of, 'local') };
    });
  }

  it('go as far as the tightest, and one that refuses takes nothing from the others', () => {
    const made = together(4);

    expect(made.map(({ allowed }) => allowed)).toEqual([true, true, false, false]);
    expect(made.at(-1)?.told).toMatchObject([
      { allowed: true, remaining: 1, retryAfterMs: 0 },
      { allowed: false, remaining: 0, retryAfterMs: 90_000 },
      { allowed: true, remaining: 5, retryAfterMs: 0 },
    ]);
  });

  it('refuse where one has nothing left of what is only looked at', () => {
    const charged: Window = { startedAt: t0, current: 5, previous: 0 };
    const asked = rules.map((rule) => ({ rule, kept: rule.limit === 5 ? charged : undefined }));
    const { windows, taken } = take(asked, t0);

    expect(taken.allowed).toBe(false);
    expect(windows.map(({ current }) => current)).toEqual([0, 0, 5]);
  });

  it('are charged over their limit, since what was used was used', () => {
    const charge: Rule = { limit: 0, windowMs: 60_000, cost: 900, needs: 0 };
    const { windows, taken } = take([{ kept: undefined, rule: charge }], t0);

    expect([taken.allowed, windows[0]?.current]).toEqual([true, 900]);
  });
});
