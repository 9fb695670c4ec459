import { hold } from '../../contest.ts';
import type { Machine } from '../../machine.ts';
import { fixed, printMachine, printValidity } from '../../print.ts';
import { tell } from '../../tell.ts';
import { betweenWordsMs, startContest, type Contest, type LiveSession } from './contest.ts';
import { follow } from './follow.ts';
import { summarise, type Summary } from './report.ts';

const streams = 100;
const readersEach = 10;

/** A thousand readers of a hundred answers that are being given: how much later than the gateway's caller they have a word. */
export const liveBench = (options: { json: boolean }): Promise<void> =>
  hold({ start: startContest, measure, print }, options);

/** Once before it counts, so that everything has run. */
async function measure({ newSessions }: Contest): Promise<Summary> {
  await followAll(await newSessions(streams));
  const summary = await followAll(await newSessions(streams));
  tell(`  ${summary.words} words, p99 ${summary.added_p99_ms.toFixed(1)} ms`);
  return summary;
}

/** The readers come once every caller has the first word. */
async function followAll(sessions: readonly LiveSession[]): Promise<Summary> {
  const callers = sessions.map(({ caller }) => following(caller));
  await Promise.all(callers.map(({ begun }) => begun));
  const readers = sessions.map(({ reader }) => Array.from({ length: readersEach }, () => following(reader)));
  await Promise.all(readers.flat().map(({ begun }) => begun));
  const since = performance.now();
  const followed = callers.map(async (caller, index) => ({
    caller: await caller.heard,
    readers: await Promise.all((readers[index] ?? []).map(({ heard }) => heard)),
  }));
  return summarise(await Promise.all(followed), since);
}

function following(stream: LiveSession['caller']) {
  const { promise: begun, resolve, reject } = Promise.withResolvers<undefined>();
  const heard = follow(stream, () => resolve(undefined));
  heard.catch(reject);
  return { begun, heard };
}

function print({ machine, ...summary }: Summary & { readonly machine: Machine }): void {
  printMachine(machine, `${summary.readers} readers of ${summary.streams} streams, a word every ${betweenWordsMs} ms`);
  const [p50, p95, p99] = [summary.added_p50_ms, summary.added_p95_ms, summary.added_p99_ms].map((ms) => fixed(ms, 1));
  console.log(
    `Of ${summary.words} words, behind the gateway's own caller: p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms.`,
  );
  printValidity(summary.faults);
}
