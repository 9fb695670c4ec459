import type { Measured } from '../rounds.ts';
import { answeredByParley, badAnswers, judge, perSecondOf, speedsOf, type Mark, type Speed } from '../speeds.ts';
import type { ContenderName } from './contenders.ts';

export interface Line extends Speed<ContenderName> {
  readonly of_stdio: number;
}

export interface Summary {
  readonly lines: readonly Line[];
  readonly mark: Mark;
  /** Calls that Parley answered well, and those that analytics has on record. */
  readonly calls: { readonly answered: number; readonly recorded: number };
  /** Why the run proves nothing; empty for a valid one. */
  readonly faults: readonly string[];
}

/** Of the SDK's client straight over stdio. */
const atLeast = 0.5;

export function summarise(runs: readonly Measured<ContenderName>[], recorded: number): Summary {
  const speeds = speedsOf(runs);
  const base = perSecondOf(speeds, 'stdio');
  const lines = speeds.map((speed) => ({ ...speed, of_stdio: speed.per_second / base }));
  const answered = answeredByParley(runs);
  const faults = badAnswers(lines);
  if (recorded !== answered) faults.push(`analytics has ${recorded} calls of ${answered} that were answered`);
  return { lines, mark: judge(perSecondOf(speeds, 'parley') / base, atLeast), calls: { answered, recorded }, faults };
}
