import type { Result } from '../load.ts';
import type * as rounds from '../rounds.ts';
import { badAnswers, judge, medianOf, perSecondOf, speedOf, speedsOf, type Mark, type Speed } from '../speeds.ts';
import type { Target } from './contenders.ts';
import { deltas } from './wire.ts';

export type Job = 'plain' | 'streamed' | 'plain, 20 ms' | 'streamed, 20 ms';
type Name = Target['name'];

export interface Spent extends Result {
  readonly job: Job;
  /** What its processes spent, by name. */
  readonly cpuMs: Readonly<Record<string, number>>;
}

export type Measured = rounds.Measured<Name, Spent>;

/** Times until the first token. */
export type FirstTokens = rounds.Measured<Name | 'upstream'>;

export interface Line extends Speed<Name> {
  readonly job: Job;
  /** Null where the answer comes whole. */
  readonly chunks_per_second: number | null;
  readonly cpu_ms_per_request: number;
  readonly cpu_ms_per_request_by_process: Readonly<Record<string, number>>;
  readonly of_floor: number;
  /** Null where that one answered nothing. */
  readonly times_portkey: number | null;
}

export interface FirstTokenLine {
  readonly contender: Name | 'upstream';
  readonly p50_ms: number;
  readonly p99_ms: number;
  /** Beyond what the upstream itself takes. */
  readonly added_p50_ms: number;
  readonly added_p99_ms: number;
}

export interface RatioMark extends Mark {
  readonly job: Job;
  readonly ratio: 'of_floor' | 'times_portkey';
}

export interface Usage {
  /** Good answers that were given to the run's key. */
  readonly answered: number;
  /** Calls that analytics has on record for it. */
  readonly accounted: number;
}

export interface Summary {
  readonly lines: readonly Line[];
  readonly first_token: readonly FirstTokenLine[];
  readonly usage: Usage;
  readonly marks: readonly RatioMark[];
  /** Why the run proves nothing; empty for a valid one. */
  readonly faults: readonly string[];
}

const names = ['floor', 'portkey', 'parley'] as const;
const jobs = ['plain', 'streamed', 'plain, 20 ms', 'streamed, 20 ms'] as const;

const marks = [
  { job: 'plain', ratio: 'times_portkey', at_least: 8 },
  { job: 'plain', ratio: 'of_floor', at_least: 0.5 },
  { job: 'streamed', ratio: 'of_floor', at_least: 0.45 },
] as const;

/** Where the bare floor is not this much faster than Portkey, something else than the programs was measured. */
const leastFloor = 10;

export function summarise(runs: readonly Measured[], first: readonly FirstTokens[], usage: Usage): Summary {
  const lines = jobs.flatMap((job) =>
    linesOf(
      job,
      runs.filter((run) => run.job === job),
    ),
  );
  const judged = marks.map(({ job, ratio, at_least }) => ({
    job,
    ratio,
    ...judge(find(lines, job, 'parley')?.[ratio] ?? null, at_least),
  }));
  const faults = [...faultsOf(lines, usage), ...badAnswers(speedsOf(first)).map((fault) => `${fault} (first token)`)];
  return { lines, first_token: firstTokenLines(first), usage, marks: judged, faults };
}

function linesOf(job: Job, runs: readonly Measured[]): Line[] {
  const of = (name: Name) => runs.filter(({ contender }) => contender === name);
  const speeds = names.map((name) => speedOf(name, of(name)));
  const portkey = perSecondOf(speeds, 'portkey');
  return speeds.map((speed) => ({
    job,
    ...speed,
    chunks_per_second: job.startsWith('streamed') ? speed.per_second * deltas : null,
    ...cpuOf(of(speed.contender)),
    of_floor: speed.per_second / perSecondOf(speeds, 'floor'),
    times_portkey: portkey > 0 ? speed.per_second / portkey : null,
  }));
}

function firstTokenLines(runs: readonly FirstTokens[]): FirstTokenLine[] {
  const speeds = speedsOf(runs);
  const upstream = speeds.find(({ contender }) => contender === 'upstream');
  return speeds.map(({ contender, p50_ms, p99_ms }) => ({
    contender,
    p50_ms,
    p99_ms,
    added_p50_ms: p50_ms - (upstream?.p50_ms ?? 0),
    added_p99_ms: p99_ms - (upstream?.p99_ms ?? 0),
  }));
}

function cpuOf(runs: readonly Measured[]): Pick<Line, 'cpu_ms_per_request' | 'cpu_ms_per_request_by_process'> {
  const processes = Object.keys(runs[0]?.cpuMs ?? {});
  const each = processes.map((name) => [name, medianOf(runs, perRequest(name))] as const);
  return {
    cpu_ms_per_request: each.reduce((sum, [, ms]) => sum + ms, 0),
    cpu_ms_per_request_by_process: Object.fromEntries(each),
  };
}

const perRequest =
  (process: string) =>
  ({ cpuMs, good }: Measured): number =>
    (cpuMs[process] ?? 0) / Math.max(1, good);

function faultsOf(lines: readonly Line[], { answered, accounted }: Usage): string[] {
  const faults = jobs.flatMap((job) =>
    badAnswers(lines.filter((line) => line.job === job && line.contender !== 'portkey')).map(
      (fault) => `${fault} (${job})`,
    ),
  );
  if ((find(lines, 'plain', 'floor')?.times_portkey ?? 0) < leastFloor)
    faults.push(`the floor is under ${leastFloor} times Portkey`);
  if (accounted !== answered) faults.push(`analytics has ${accounted} calls of ${answered} that were answered`);
  return faults;
}

const find = (lines: readonly Line[], job: Job, name: Name) =>
  lines.find((line) => line.job === job && line.contender === name);
