import type { Result } from '../load.ts';
import type { ContenderName } from './contenders.ts';

/** One contender under load, once; round 0 is the warm-up, which counts for what is stored and not for speed. */
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
  readonly of_bare: number;
}

export interface Stored {
  readonly messages: number;
  /** Events that have not left. */
  readonly waiting: number;
}

export interface Summary {
  readonly lines: readonly Line[];
  readonly mark: { readonly at_least: number; readonly reached: number; readonly met: boolean };
  readonly appended: number;
  readonly stored: Stored;
  /** Why the run proves nothing; empty for a valid one. */
  readonly faults: readonly string[];
}

/** Of a bare single-row insert. */
const atLeast = 0.4;

const isParley = (name: ContenderName): boolean => name.startsWith('parley');

export function summarise(runs: readonly Measured[], stored: Stored): Summary {
  const byName = Map.groupBy(runs, ({ contender }) => contender);
  const bare = speedOf(byName.get('bare insert') ?? []);
  const lines = [...byName].map(([contender, own]) => lineOf(contender, own, bare));
  const appended = runs.filter(({ contender }) => isParley(contender)).reduce((sum, { good }) => sum + good, 0);
  const reached = lines.find(({ contender }) => contender === 'parley')?.of_bare ?? 0;
  const faults = lines.filter(({ bad }) => bad > 0).map(({ contender, bad }) => `${contender} gave ${bad} bad answers`);
  if (stored.messages !== appended) faults.push(`${stored.messages} messages are stored of ${appended}`);
  if (stored.waiting > 0) faults.push(`${stored.waiting} events have not left`);
  return { lines, mark: { at_least: atLeast, reached, met: reached >= atLeast }, appended, stored, faults };
}

function lineOf(contender: ContenderName, runs: readonly Measured[], bare: number): Line {
  const counted = runs.filter(({ round }) => round > 0);
  return {
    contender,
    per_second: speedOf(runs),
    p50_ms: median(counted.map(({ p50Ms }) => p50Ms)),
    p99_ms: median(counted.map(({ p99Ms }) => p99Ms)),
    bad: runs.reduce((sum, { bad }) => sum + bad, 0),
    of_bare: speedOf(runs) / bare,
  };
}

const speedOf = (runs: readonly Measured[]): number =>
  median(runs.filter(({ round }) => round > 0).map(({ perSecond }) => perSecond));

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
