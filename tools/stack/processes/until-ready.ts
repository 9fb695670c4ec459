import { setTimeout as sleep } from 'node:timers/promises';
import { explain, StackFailure } from '../failure.ts';
import { seconds } from '../report.ts';
import { lastWords } from './last-words.ts';
import type { Running } from './launch.ts';

const intervalMs = 50;

/** What is waited for: a probe that rejects until the thing can be used. */
export interface Awaited {
  readonly title: string;
  probe(): Promise<unknown>;
  readonly readyWithinMs: number;
}

/** Waits for the probe to succeed. Gives up when one of the processes ends or the time is over, and says why. */
export async function untilReady(what: Awaited, running: readonly Running[], log: string): Promise<void> {
  const deadline = Date.now() + what.readyWithinMs;
  let end: string | undefined;
  void Promise.race(running.map(({ ended }) => ended)).then((how) => (end = how));
  for (;;) {
    const failure = await what.probe().then(
      () => undefined,
      (error: unknown) => String(error),
    );
    if (end !== undefined) throw failed(`${what.title} ended while it was starting (${end})`, running, log);
    if (failure === undefined) return;
    if (Date.now() > deadline) {
      throw failed(`${what.title} was not ready within ${seconds(what.readyWithinMs)} (${failure})`, running, log);
    }
    await sleep(intervalMs);
  }
}

function failed(sentence: string, running: readonly Running[], log: string): StackFailure {
  const output = running.map((process) => process.output()).join('\n');
  const words = lastWords(output);
  const cause = explain(output) ?? (words === '' ? 'It wrote nothing.' : `It wrote last: ${words}.`);
  return new StackFailure(`${sentence}. ${cause} Its log: ${log}`);
}
