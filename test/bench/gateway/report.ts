import type { Result } from '../load.ts';
import type { Contender } from './contenders.ts';

export type Job = 'plain' | 'streamed';

/** One contender under load, once. */
export interface Measured extends Result {
  readonly contender: Contender['name'];
  readonly job: Job;
  /** 0 is the warm-up, which counts for usage and not for speed. */
  readonly round: number;
  /** What its processes spent, by name. */
  readonly cpuMs: Readonly<Record<string, number>>;
}

export interface Line {
  readonly job: Job;
  readonly contender: Contender['name'];
  readonly per_second: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly cpu_ms_per_request: number;
  readonly cpu_ms_per_request_by_process: Readonly<Record<string, number>>;
  readonly bad: number;
  readonly of_floor: number;
  /** Null where that one answered nothing. */
  readonly times_portkey: number | null;
}

/** What a run is to reach at least. */
export interface Mark {
  readonly job: Job;
  readonly ratio: 'of_floor' | 'times_portkey';
  readonly at_least: number;
  readonly reached: number | null;
  readonly met: boolean;
}

export interface Usage {
  /** Good answers that were given to the run's key. */
  readonly answered: number;
  /** Calls that analytics has on record for it. */
  readonly accounted: number;
}

export interface Summary {
  readonly lines: readonly Line[];
  readonly usage: Usage;
  readonly marks: readonly Mark[];
  /** Why the run proves nothing; empty for a valid one. */
  readonly faults: readonly string[];
}

const contenders = ['floor', 'portkey', 'parley'] as const;
const jobs = ['plain', 'streamed'] as const;

const marks = [
  { job: 'plain', ratio: 'times_portkey', at_least: 5 },
  { job: 'plain', ratio: 'of_floor', at_least: 0.4 },
  { job: 'streamed', ratio: 'of_floor', at_least: 0.3 },
] as const;

/** Where the bare floor is not this much faster than Portkey, something else than the programs was measured. */
const leastFloor = 10;

export function summarise(runs: readonly Measured[], usage: Usage): Summary {
  const lines = jobs.flatMap((job) => contenders.map((contender) => lineOf(runs, job, contender)));
  return { lines, usage, marks: marks.map((mark) => judge(mark, lines)), faults: faultsOf(lines, usage) };
}

function lineOf(runs: readonly Measured[], job: Job, contender: Contender['name']): Line {
  const all = runs.filter((run) => run.job === job && run.contender === contender);
  const counted = all.filter(({ round }) => round > 0);
  const speed = medianOf(counted, ({ perSecond }) => perSecond);
  const speedOf = (other: Contender['name']) =>
    medianOf(
      runs.filter((run) => run.job === job && run.contender === other && run.round > 0),
      ({ perSecond }) => perSecond,
    );
  const processes = Object.keys(counted[0]?.cpuMs ?? {});
  const cpu = processes.map((name) => [name, medianOf(counted, perRequest(name))] as const);
  const portkey = speedOf('portkey');
  return {
    job,
    contender,
    per_second: speed,
    p50_ms: medianOf(counted, ({ p50Ms }) => p50Ms),
    p99_ms: medianOf(counted, ({ p99Ms }) => p99Ms),
    cpu_ms_per_request: cpu.reduce((sum, [, ms]) => sum + ms, 0),
    cpu_ms_per_request_by_process: Object.fromEntries(cpu),
    bad: all.reduce((sum, { bad }) => sum + bad, 0),
    of_floor: speed / speedOf('floor'),
    times_portkey: portkey > 0 ? speed / portkey : null,
  };
}

const perRequest =
  (process: string) =>
  ({ cpuMs, good }: Measured): number =>
    (cpuMs[process] ?? 0) / Math.max(1, good);

function judge(mark: (typeof marks)[number], lines: readonly Line[]): Mark {
  const reached = find(lines, mark.job, 'parley')?.[mark.ratio] ?? null;
  return { ...mark, reached, met: reached !== null && reached >= mark.at_least };
}

function faultsOf(lines: readonly Line[], { answered, accounted }: Usage): string[] {
  const faults = lines
    .filter(({ contender, bad }) => bad > 0 && contender !== 'portkey')
    .map(({ contender, job, bad }) => `${contender} gave ${bad} bad answers (${job})`);
  if ((find(lines, 'plain', 'floor')?.times_portkey ?? 0) < leastFloor)
    faults.push(`the floor is under ${leastFloor} times Portkey`);
  if (accounted !== answered) faults.push(`analytics has ${accounted} calls of ${answered} that were answered`);
  return faults;
}

const find = (lines: readonly Line[], job: Job, contender: Contender['name']) =>
  lines.find((line) => line.job === job && line.contender === contender);

function medianOf<T>(of: readonly T[], value: (one: T) => number): number {
  const sorted = of.map(value).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
