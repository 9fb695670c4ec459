import type { Measured } from './rounds.ts';

/** What the rounds of one contender come to: medians, the warm-up left out. */
export interface Speed<Name extends string = string> {
  readonly contender: Name;
  readonly per_second: number;
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly p99_ms: number;
  /** Of all rounds, the warm-up included. */
  readonly bad: number;
}

/** In the order in which the contenders took part. */
export const speedsOf = <Name extends string>(runs: readonly Measured<Name>[]): Speed<Name>[] =>
  [...Map.groupBy(runs, ({ contender }) => contender)].map(([contender, own]) => speedOf(contender, own));

export const speedOf = <Name extends string>(contender: Name, runs: readonly Measured<Name>[]): Speed<Name> => ({
  contender,
  per_second: medianOf(runs, ({ perSecond }) => perSecond),
  p50_ms: medianOf(runs, ({ p50Ms }) => p50Ms),
  p95_ms: medianOf(runs, ({ p95Ms }) => p95Ms),
  p99_ms: medianOf(runs, ({ p99Ms }) => p99Ms),
  bad: runs.reduce((sum, { bad }) => sum + bad, 0),
});

export const perSecondOf = <Name extends string>(speeds: readonly Speed<Name>[], name: Name): number =>
  speeds.find(({ contender }) => contender === name)?.per_second ?? 0;

/** Of what the rounds say, the warm-up left out; 0 where there was none. */
export function medianOf<Run extends Pick<Measured, 'round'>>(
  runs: readonly Run[],
  value: (run: Run) => number,
): number {
  const sorted = runs
    .filter(({ round }) => round > 0)
    .map(value)
    .sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

/** Good answers of the contenders that are Parley, by whatever way, of all rounds. */
export const answeredByParley = (runs: readonly Measured[]): number =>
  runs.filter(({ contender }) => contender.startsWith('parley')).reduce((sum, { good }) => sum + good, 0);

export const badAnswers = (speeds: readonly Speed[]): string[] =>
  speeds.filter(({ bad }) => bad > 0).map(({ contender, bad }) => `${contender} gave ${bad} bad answers`);

/** What a run is to reach at least; missing it makes no run invalid. */
export interface Mark {
  readonly at_least: number;
  readonly reached: number | null;
  readonly met: boolean;
}

export const judge = (reached: number | null, atLeast: number): Mark => ({
  at_least: atLeast,
  reached,
  met: reached !== null && reached >= atLeast,
});
