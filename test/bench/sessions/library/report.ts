import type { Measured } from '../../rounds.ts';
import { badAnswers, speedsOf, type Speed } from '../../speeds.ts';
import type { ContenderName } from './contest.ts';

/** One question at one size. */
export interface Asked {
  readonly question: string;
  readonly size: string;
  readonly runs: readonly Measured<ContenderName>[];
  /** Why the two did not give the same answer. */
  readonly differences: readonly string[];
}

export interface Line {
  readonly question: string;
  readonly size: string;
  readonly bare: Speed<ContenderName>;
  readonly parley: Speed<ContenderName>;
  /** The 95th percentile of Parley in those of the bare SQL. */
  readonly times_bare: number;
  /** What it was at the size before, as a multiple; null at the first. */
  readonly growth: number | null;
}

/** The worst of all questions at the last size. */
export interface Ceiling {
  readonly at_most: number;
  readonly reached: number;
  readonly by: string;
  readonly met: boolean;
}

export interface Summary {
  readonly lines: readonly Line[];
  readonly marks: { readonly times_bare: Ceiling; readonly growth: Ceiling };
  /** Why the run proves nothing; empty for a valid one. */
  readonly faults: readonly string[];
}

const timesBareAtMost = 2;
const growthAtMost = 1.5;

/** In the order in which they were asked, the smaller size first. */
export function summarise(asked: readonly Asked[]): Summary {
  const lines: Line[] = [];
  for (const { question, size, runs } of asked) {
    const [bare, parley] = speedsOf(runs);
    if (!bare || !parley) continue;
    const before = lines.findLast((line) => line.question === question);
    const growth = before ? parley.p95_ms / before.parley.p95_ms : null;
    lines.push({ question, size, bare, parley, times_bare: parley.p95_ms / bare.p95_ms, growth });
  }
  const last = lines.filter(({ size }) => size === lines.at(-1)?.size);
  const faults = asked.flatMap(({ question, size, runs, differences }) => [
    ...differences,
    ...badAnswers(speedsOf(runs)).map((fault) => `${fault} (${question}, ${size})`),
  ]);
  return {
    lines,
    marks: {
      times_bare: worst(last, ({ times_bare }) => times_bare, timesBareAtMost),
      growth: worst(last, ({ growth }) => growth ?? 0, growthAtMost),
    },
    faults,
  };
}

function worst(lines: readonly Line[], of: (line: Line) => number, atMost: number): Ceiling {
  const [line] = lines.toSorted((a, b) => of(b) - of(a));
  const reached = line ? of(line) : Infinity;
  return { at_most: atMost, reached, by: line?.question ?? '', met: reached <= atMost };
}
