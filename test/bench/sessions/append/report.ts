import type { Measured } from '../../rounds.ts';
import { answeredByParley, badAnswers, judge, perSecondOf, speedsOf, type Mark, type Speed } from '../../speeds.ts';
import type { ContenderName } from './contenders.ts';

export interface Line extends Speed<ContenderName> {
  readonly of_bare: number;
}

export interface Stored {
  readonly messages: number;
  /** Events that have not left. */
  readonly waiting: number;
}

export interface Summary {
  readonly lines: readonly Line[];
  readonly mark: Mark;
  readonly appended: number;
  readonly stored: Stored;
  /** Why the run proves nothing; empty for a valid one. */
  readonly faults: readonly string[];
}

/** Of a bare single-row insert. */
const atLeast = 0.5;

export function summarise(runs: readonly Measured<ContenderName>[], stored: Stored): Summary {
  const speeds = speedsOf(runs);
  const base = perSecondOf(speeds, 'bare insert');
  const lines = speeds.map((speed) => ({ ...speed, of_bare: speed.per_second / base }));
  const appended = answeredByParley(runs);
  const faults = badAnswers(lines);
  if (stored.messages !== appended) faults.push(`${stored.messages} messages are stored of ${appended}`);
  if (stored.waiting > 0) faults.push(`${stored.waiting} events have not left`);
  return { lines, mark: judge(perSecondOf(speeds, 'parley') / base, atLeast), appended, stored, faults };
}
