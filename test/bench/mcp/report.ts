import type { Result } from '../load.ts';
import type { ContenderName } from './contenders.ts';

/** One contender under load, once; round 0 is the warm-up, which counts for the record and not for speed. */
export interface Measured extends Result {
  readonly contender: ContenderName;
  readonly round: number;
}

export interface Line {
  readonly contender: ContenderName;
  readonly per_second: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly bad: number;
  readonly of_stdio: number;
}

export interface Summary {
  readonly lines: readonly Line[];
  readonly mark: { readonly at_least: number; readonly reached: number; readonly met: boolean };
  /** Calls that Parley answered well, and those that analytics has on record. */
  readonly calls: { readonly answered: number; readonly recorded: number };
  /** Why the run proves nothing; empty for a valid one. */
  readonly faults: readonly string[];
}

/** Of the SDK's client straight over stdio. */
const atLeast = 0.5;

export const isParley = (name: ContenderName): boolean => name.startsWith('parley');

export function summarise(runs: readonly Measured[], recorded: number): Summary {
  const byName = Map.groupBy(runs, ({ contender }) => contender);
  const stdio = speedOf(byName.get('stdio') ?? []);
  const lines = [...byName].map(([contender, own]) => lineOf(contender, own, stdio));
  const answered = runs.filter(({ contender }) => isParley(contender)).reduce((sum, { good }) => sum + good, 0);
  const reached = lines.find(({ contender }) => contender === 'parley')?.of_stdio ?? 0;
  const faults = lines.filter(({ bad }) => bad > 0).map(({ contender, bad }) => `${contender} gave ${bad} bad answers`);
  if (recorded !== answered) faults.push(`analytics has ${recorded} calls of ${answered} that were answered`);
  const mark = { at_least: atLeast, reached, met: reached >= atLeast };
  return { lines, mark, calls: { answered, recorded }, faults };
}

function lineOf(contender: ContenderName, runs: readonly Measured[], stdio: number): Line {
  const counted = runs.filter(({ round }) => round > 0);
  return {
    contender,
    per_second: speedOf(runs),
    p50_ms: median(counted.map(({ p50Ms }) => p50Ms)),
    p99_ms: median(counted.map(({ p99Ms }) => p99Ms)),
    bad: runs.reduce((sum, { bad }) => sum + bad, 0),
    of_stdio: speedOf(runs) / stdio,
  };
}

const speedOf = (runs: readonly Measured[]): number =>
  median(runs.filter(({ round }) => round > 0).map(({ perSecond }) => perSecond));

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
