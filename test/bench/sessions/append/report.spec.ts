import { expect, it } from '@jest/globals';
import type { Measured } from '../../rounds.ts';
import type { ContenderName } from './contenders.ts';
import { summarise } from './report.ts';

const run = (contender: ContenderName, round: number, perSecond: number, bad = 0): Measured<ContenderName> => ({
  contender,
  round,
  perSecond,
  bad,
  good: 100,
  p50Ms: perSecond / 10,
  p95Ms: perSecond / 2,
  p99Ms: perSecond,
});
const runs = [
  ...[9_999, 100, 300, 200].map((speed, round) => run('bare insert', round, speed)),
  ...[9_999, 90, 100, 80].map((speed, round) => run('parley', round, speed)),
];
const stored = { messages: 400, waiting: 0 };

it('takes the median of the rounds, leaves the warm-up out, and compares with the bare insert', () => {
  expect(summarise(runs, stored)).toMatchObject({
    lines: [
      { contender: 'bare insert', per_second: 200, p50_ms: 20, of_bare: 1 },
      { contender: 'parley', per_second: 90, of_bare: 0.45 },
    ],
    mark: { reached: 0.45, met: false },
    faults: [],
  });
});

it('proves nothing with a bad answer, a message that is not stored or an event that has not left', () => {
  expect(summarise([...runs, run('bare insert', 1, 100, 2)], stored).faults).toEqual([
    'bare insert gave 2 bad answers',
  ]);
  expect(summarise(runs, { messages: 399, waiting: 1 }).faults).toEqual([
    '399 messages are stored of 400',
    '1 events have not left',
  ]);
});
