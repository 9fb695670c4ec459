import type { Result } from './load.ts';
import { tell } from './tell.ts';

export interface Contender<Name extends string = string, R extends Result = Result> {
  readonly name: Name;
  readonly run: (seconds: number) => Promise<R>;
}

/** One contender under load, once. */
export type Measured<Name extends string = string, R extends Result = Result> = R & {
  readonly contender: Name;
  /** 0 is the warm-up, which counts for what is on record and not for speed. */
  readonly round: number;
};

export interface Timetable {
  readonly seconds: number;
  /** Default 4: long enough for the just-in-time compiler, pools and caches. */
  readonly warmUpSeconds?: number;
  /** Said before each line of progress. */
  readonly job?: string;
}

const rounds = 3;

/**
 * Each contender's warm-up, then three rounds in turn, so that whatever else the machine does meets all of them. One that
 * answers nothing in its warm-up takes no further part.
 */
export async function inRounds<Name extends string, R extends Result>(
  contenders: readonly Contender<Name, R>[],
  { seconds, warmUpSeconds = 4, job = '' }: Timetable,
): Promise<Measured<Name, R>[]> {
  const runs: Measured<Name, R>[] = [];
  let able = contenders;
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, run } of able) {
      const result = await run(round === 0 ? warmUpSeconds : seconds);
      tell(`  ${job}${round === 0 ? 'warm-up' : `round ${round}`}: ${name} ${result.perSecond.toFixed(0)}/s`);
      runs.push({ ...result, contender: name, round });
    }
    able = able.filter(({ name }) => runs.some(({ contender, good }) => contender === name && good > 0));
  }
  return runs;
}
