import { expect, it } from '@jest/globals';
import { nextStep, type Outcome } from './next-step.js';
import { ack, drop, retry } from './verdict.js';

it.each([
  [0, 1_000],
  [1, 5_000],
  [2, 30_000],
  [3, 120_000],
  [4, 600_000],
])('waits longer after each attempt: %i before this one, %i ms', (attempts, delayMs) => {
  expect(nextStep(attempts, retry({ because: 'x' }))).toEqual({ to: 'retry', delayMs, attempts: attempts + 1 });
});

it.each([
  [1, 1_000],
  [1_001, 5_000],
  [120_000, 120_000],
  [3_600_000, 600_000],
])('rounds a wish for %i ms up to a step of the ladder, and no further than its last: %i ms', (afterMs, delayMs) => {
  expect(nextStep(0, retry({ because: 'x', afterMs }))).toMatchObject({ delayMs });
});

it('gives up after the sixth attempt', () => {
  expect(nextStep(5, retry({ because: 'busy' }))).toEqual({ to: 'dead', reason: 'Gave up after 6 attempts: busy' });
});

it.each<[string, number, Outcome, object]>([
  ['an acknowledged message is done', 0, ack(), { to: 'done' }],
  ['a dropped message is done', 0, drop('x'), { to: 'done' }],
  ['an unreadable message is a dead letter at once', 0, { kind: 'reject', because: 'x' }, { to: 'dead', reason: 'x' }],
  [
    'a postponed message keeps its count',
    5,
    { kind: 'postpone', because: 'x' },
    { to: 'retry', delayMs: 5_000, attempts: 5 },
  ],
])('%s', (_, attempts, outcome, step) => {
  expect(nextStep(attempts, outcome)).toEqual(step);
});
