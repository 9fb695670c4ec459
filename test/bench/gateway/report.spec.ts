import { expect, it } from '@jest/globals';
import { summarise, type FirstTokens, type Measured } from './report.js';

const run = (over: Partial<Measured>): Measured => ({
  contender: 'parley',
  job: 'plain',
  round: 1,
  good: 1_000,
  bad: 0,
  perSecond: 500,
  p50Ms: 1,
  p95Ms: 1,
  p99Ms: 2,
  cpuMs: {},
  ...over,
});

/** A run in which all is well: the floor is 12 times Portkey, Parley 8 times. */
const wholeRun = (): Measured[] => [
  run({ contender: 'floor', perSecond: 12_000 }),
  run({ contender: 'portkey', perSecond: 1_000 }),
  run({ contender: 'parley', perSecond: 8_000 }),
  run({ contender: 'floor', job: 'streamed', perSecond: 4_000 }),
  run({ contender: 'parley', job: 'streamed', perSecond: 2_000 }),
];

const waited = (contender: FirstTokens['contender'], p50Ms: number, bad = 0): FirstTokens => ({
  contender,
  round: 1,
  good: 10,
  bad,
  perSecond: 10,
  p50Ms,
  p95Ms: p50Ms,
  p99Ms: p50Ms * 2,
});

const firstTokens = [waited('upstream', 20), waited('floor', 21), waited('parley', 23)];

const usage = { answered: 10, accounted: 10 };

const lineOf = (runs: readonly Measured[], contender: string, job = 'plain') =>
  summarise(runs, firstTokens, usage).lines.find((line) => line.contender === contender && line.job === job);

it('compares the speeds of one job, as ratios to the floor and to Portkey', () => {
  expect(lineOf(wholeRun(), 'parley')).toMatchObject({ per_second: 8_000, of_floor: 8 / 12, times_portkey: 8 });
  expect(lineOf(wholeRun(), 'parley', 'streamed')).toMatchObject({ of_floor: 0.5, times_portkey: null });
});

it('takes the median of the rounds and leaves the warm-up out', () => {
  const speeds = [9_999, 100, 300, 200];
  const runs = speeds.map((perSecond, round) => run({ round, perSecond, p50Ms: perSecond / 10 }));

  expect(lineOf(runs, 'parley')).toMatchObject({ per_second: 200, p50_ms: 20 });
});

it('shares the CPU time of each process out to the answers it was spent on', () => {
  const runs = [run({ good: 1_000, cpuMs: { gateway: 200, postgres: 50 } })];

  expect(lineOf(runs, 'parley')).toMatchObject({
    cpu_ms_per_request: 0.25,
    cpu_ms_per_request_by_process: { gateway: 0.2, postgres: 0.05 },
  });
});

it('counts the chunks of streams', () => {
  expect(lineOf(wholeRun(), 'parley', 'streamed')?.chunks_per_second).toBe(2_000 * 50);
  expect(lineOf(wholeRun(), 'parley')?.chunks_per_second).toBeNull();
});

it('says what is added to the time until the first token, beyond that of the upstream itself', () => {
  expect(summarise(wholeRun(), firstTokens, usage).first_token.at(-1)).toEqual({
    contender: 'parley',
    p50_ms: 23,
    p99_ms: 46,
    added_p50_ms: 3,
    added_p99_ms: 6,
  });
});

it('is not valid where a first token did not come', () => {
  const { faults } = summarise(wholeRun(), [...firstTokens, waited('parley', 23, 1)], usage);

  expect(faults).toEqual(['parley gave 1 bad answers (first token)']);
});

it('finds no fault in a run where all is well', () => {
  const summary = summarise(wholeRun(), firstTokens, usage);

  expect(summary.faults).toEqual([]);
  expect(summary.marks.map(({ met }) => met)).toEqual([true, true, true]);
});

it('says which mark was missed, which makes the run no less valid', () => {
  const runs = wholeRun().map((one) => (one.job === 'streamed' ? { ...one, perSecond: 4_000 } : one));
  const slow = runs.map((one) => (one.contender === 'parley' ? { ...one, perSecond: 1_000 } : one));

  const { marks, faults } = summarise(slow, firstTokens, usage);

  expect(marks.map(({ reached, met }) => [reached, met])).toEqual([
    [1, false],
    [1 / 12, false],
    [0.25, false],
  ]);
  expect(faults).toEqual([]);
});

it.each([
  ['the floor gave a bad answer', [run({ contender: 'floor', perSecond: 12_000, bad: 1 })]],
  ['Parley gave a bad answer in its warm-up', [run({ round: 0, bad: 2 })]],
])('is not valid where %s', (_, more) => {
  const { faults } = summarise([...wholeRun(), ...more], firstTokens, usage);

  expect(faults).toEqual([expect.stringMatching(/gave \d bad answers \(plain\)/)]);
});

it('bears with a Portkey that cannot stream', () => {
  const runs = [...wholeRun(), run({ contender: 'portkey', job: 'streamed', round: 0, good: 0, bad: 500 })];

  expect(summarise(runs, firstTokens, usage).faults).toEqual([]);
});

it('is not valid where the floor is under ten times Portkey', () => {
  const runs = wholeRun().map((one) => (one.contender === 'portkey' ? { ...one, perSecond: 1_300 } : one));

  expect(summarise(runs, firstTokens, usage).faults).toEqual(['the floor is under 10 times Portkey']);
});

it.each([9, 11])('is not valid where analytics has %i calls of 10 that were answered', (accounted) => {
  expect(summarise(wholeRun(), firstTokens, { answered: 10, accounted }).faults).toEqual([
    `analytics has ${accounted} calls of 10 that were answered`,
  ]);
});
