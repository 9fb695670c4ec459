import { describe, expect, it } from '@jest/globals';
import { addTry, takeBack, waitMs, type Tries } from './lockout.js';

const rule = { delayedFrom: 5, maxDelayMs: 900_000 };
const now = Date.UTC(2026, 0, 1);

/** The delays after each of so many wrong tries, each made as soon as the one before allows. */
function delays(count: number, startedAt = now, first?: Tries): number[] {
  let [time, tries] = [startedAt, first];
  return Array.from({ length: count }, () => {
    tries = addTry(tries, time, rule);
    const delay = waitMs(tries, time);
    time += delay;
    return delay / 1_000;
  });
}

describe('wrong passwords', () => {
  it('delay the next try from the fifth on, by a second that doubles', () => {
    expect(delays(9)).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16]);
  });

  it('delay it by a quarter of an hour at the most, for as long as they go on', () => {
    const all = delays(500);

    expect(Math.max(...all)).toBe(900);
    expect(all.slice(20).every((delay) => delay === 900)).toBe(true);
  });

  it('are forgotten one by one, each in a quarter of an hour', () => {
    let tries: Tries | undefined;
    for (let wrong = 0; wrong < 4; wrong++) tries = addTry(tries, now, rule);

    expect(delays(2, now + 60_000, tries)).toEqual([1, 2]);
    expect(delays(2, now + 2 * rule.maxDelayMs, tries)).toEqual([0, 0]);
    expect(delays(5, now + 4 * rule.maxDelayMs, tries)).toEqual([0, 0, 0, 0, 1]);
  });
});

describe('a try that turns out right', () => {
  it('leaves everything as it was', () => {
    let before = addTry(undefined, now, rule);
    for (let wrong = 1; wrong < 5; wrong++) before = addTry(before, now, rule);
    const at = before.lockedUntil;

    expect(takeBack(addTry(before, at, rule), addTry(before, at, rule), rule)).toEqual({
      forgottenAt: before.forgottenAt,
      lockedUntil: 0,
    });
  });

  it('lifts no delay of a wrong one that came after it', () => {
    let tries: Tries | undefined;
    for (let wrong = 0; wrong < 4; wrong++) tries = addTry(tries, now, rule);
    const right = addTry(tries, now, rule);
    const wrong = addTry(right, now + 1_000, rule);

    expect(waitMs(takeBack(wrong, right, rule), now + 1_000)).toBe(2_000);
  });
});
