import { setTimeout as sleep } from 'node:timers/promises';
import { endOnSignals } from '../../tools/test/signals.ts';
import { installLoad } from './load.ts';
import { machine, type Machine } from './machine.ts';
import { report } from './tell.ts';

export interface Stoppable {
  stop(): Promise<void>;
}

export interface Bench<Contest, Outcome> {
  readonly start: () => Promise<Contest>;
  readonly measure: (contest: Contest) => Promise<Outcome>;
  /** For a person to read. */
  readonly print: (outcome: Outcome & { readonly machine: Machine }) => void;
}

/** Runs a bench from the start of its contenders to its report; a run with a fault ends with exit code 1. */
export async function hold<Contest extends Stoppable, Outcome extends { readonly faults: readonly string[] }>(
  { start, measure, print }: Bench<Contest, Outcome>,
  { json }: { readonly json: boolean },
): Promise<void> {
  endOnSignals();
  await installLoad(report);
  const contest = await start();
  try {
    const outcome = await measure(contest);
    const result = { machine: machine(), ...outcome };
    if (json) console.log(JSON.stringify(result, null, 2));
    else print(result);
    if (outcome.faults.length > 0) process.exitCode = 1;
  } finally {
    await contest.stop();
  }
}

/** Starts parts that each need their end; when one cannot start, none is left. */
export async function startTogether<Contest>(
  start: (keep: <Part extends Stoppable>(part: Part) => Part) => Promise<Contest>,
): Promise<Contest & Stoppable> {
  const started: Stoppable[] = [];
  const stop = async () => {
    for (const part of started.splice(0).reverse()) await part.stop();
  };
  try {
    const contest = await start((part) => {
      started.push(part);
      return part;
    });
    return { ...contest, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What has been answered may take this long to be on record; within 5 s is what the platform promises. */
const recordedWithinMs = 30_000;

/** The last of what was read: the first that is complete, or what there is when time is up. */
export async function untilComplete<T>(read: () => Promise<T>, complete: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + recordedWithinMs;
  let value = await read();
  while (!complete(value) && Date.now() < deadline) {
    await sleep(250);
    value = await read();
  }
  return value;
}
