import { expect, it } from '@jest/globals';
import type { ContenderName } from './contest.ts';
import { summarise, type Asked } from './report.ts';

const run = (contender: ContenderName, p95Ms: number, over: { round?: number; bad?: number } = {}) => ({
  ...{ contender, p95Ms, round: 1, good: 100, bad: 0, perSecond: 1_000, p50Ms: p95Ms / 2, p99Ms: p95Ms * 2 },
  ...over,
});

/** One question at one size, by the 95th percentiles of its two contenders. */
const asked = (size: string, question: string, bare: number, parley: number, over: Partial<Asked> = {}): Asked => ({
  size,
  question,
  runs: [run('bare SQL', bare), run('parley', parley)],
  differences: [],
  ...over,
});

const whole = [
  asked('small', 'newest', 1, 2),
  asked('small', 'by name', 2, 2),
  asked('large', 'newest', 1, 1.5),
  asked('large', 'by name', 2, 3.5),
];

it('compares each question with bare SQL, and with itself at the size before', () => {
  expect(summarise(whole).lines.map(({ times_bare, growth }) => [times_bare, growth])).toEqual([
    [2, null],
    [1, null],
    [1.5, 0.75],
    [1.75, 1.75],
  ]);
});

it('judges by the worst question at the last size', () => {
  const { marks, faults } = summarise(whole);

  expect(marks).toEqual({
    times_bare: { at_most: 2, reached: 1.75, by: 'by name', met: true },
    growth: { at_most: 1.5, reached: 1.75, by: 'by name', met: false },
  });
  expect(faults).toEqual([]);
});

it('takes the median of the rounds and leaves the warm-up out', () => {
  const rounds = [99, 3, 1, 2].map((p95Ms, round) => run('bare SQL', p95Ms, { round }));

  const { lines } = summarise([asked('small', 'newest', 1, 4, { runs: [...rounds, run('parley', 4)] })]);

  expect(lines[0]).toMatchObject({ bare: { p95_ms: 2 }, times_bare: 2 });
});

it('proves nothing with a bad answer, or where the two do not answer the same', () => {
  const bad = run('parley', 1, { round: 0, bad: 3 });
  const one = asked('small', 'newest', 1, 2);

  expect(summarise([{ ...one, runs: [...one.runs, bad], differences: ['newest: differs'] }]).faults).toEqual([
    'newest: differs',
    'parley gave 3 bad answers (newest, small)',
  ]);
});
