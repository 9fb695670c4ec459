import { expect, it } from '@jest/globals';
import type { Measured } from '../rounds.ts';
import type { ContenderName } from './contenders.ts';
import { summarise } from './report.ts';

const run = (contender: ContenderName, round: number, perSecond: number, bad = 0): Measured<ContenderName> => ({
  contender,
  round,
  perSecond,
  good: 10,
  bad,
  p50Ms: 1,
  p95Ms: 1,
  p99Ms: 2,
});
const runs = [
  ...[0, 1, 2, 3].map((round) => run('stdio', round, round * 1_000)),
  ...[0, 1, 2, 3].map((round) => run('parley', round, round * 600)),
];

it('compares the medians of the rounds, the warm-up left out', () => {
  const { lines, mark } = summarise(runs, 40);
  expect(lines.map(({ per_second }) => per_second)).toEqual([2_000, 1_200]);
  expect(mark).toEqual({ at_least: 0.5, reached: 0.6, met: true });
});

it('is valid when every call that was answered is on record, the warm-up’s too', () => {
  expect(summarise(runs, 40).faults).toEqual([]);
  expect(summarise(runs, 39).faults).toEqual(['analytics has 39 calls of 40 that were answered']);
});

it('is not valid with a bad answer', () => {
  expect(summarise([...runs, run('npm mcp-hub', 1, 100, 3)], 40).faults).toEqual(['npm mcp-hub gave 3 bad answers']);
});
