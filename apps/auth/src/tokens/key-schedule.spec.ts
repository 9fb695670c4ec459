import { describe, expect, it } from '@jest/globals';
import { currentOf, KeySchedule, nextOf, phaseOf, type KeyTimes } from './key-schedule.js';

const [day, minute] = [86_400_000, 60_000];
const sut = new KeySchedule(30 * day, 5 * minute, 10 * minute);
const start = new Date('2026-01-01T00:00:00Z');
const after = (ms: number) => new Date(start.getTime() + ms);
const first: KeyTimes = { activatesAt: start, retiresAt: null };

describe('the next key', () => {
  it('is due so long before the present one has signed its time that it is known by then', () => {
    const due = 30 * day - 5 * minute;
    expect(sut.isDue([first], after(due - 1))).toBe(false);
    expect(sut.isDue([first], after(due))).toBe(true);
    expect(sut.activationOf([first], after(due))).toEqual(after(30 * day));
  });

  it('is made once', () => {
    const keys = [{ activatesAt: after(31 * day), retiresAt: null }, first];
    expect(sut.isDue(keys, after(30 * day))).toBe(false);
  });

  it('signs at once where no other can', () => {
    expect(sut.isDue([], start)).toBe(true);
    expect(sut.activationOf([], start)).toEqual(start);
    const gone = { ...first, retiresAt: after(day) };
    expect(sut.isDue([gone], after(day))).toBe(true);
    expect(sut.activationOf([gone], after(day))).toEqual(after(day));
  });
});

it('a key is next, current, retiring and retired, in this order, and exactly one is current', () => {
  const old = { activatesAt: start, retiresAt: sut.retirementOf(after(day)) };
  const young = { activatesAt: after(day), retiresAt: null };
  const keys = [young, old];
  const phases = (at: Date) => [phaseOf(young, keys, at), phaseOf(old, keys, at)];

  expect(phases(after(day - 1))).toEqual(['next', 'current']);
  expect(phases(after(day))).toEqual(['current', 'retiring']);
  expect(phases(after(day + 10 * minute))).toEqual(['current', 'retired']);
  expect([currentOf(keys, after(day)), nextOf(keys, start)]).toEqual([young, young]);
});
