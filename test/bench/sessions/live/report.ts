import { deltas } from '../../gateway/wire.ts';
import { resultOf } from '../../timings.ts';
import type { Heard } from './follow.ts';

/** One stream: what its caller heard, and those who read along. */
export interface Followed {
  readonly caller: Heard;
  readonly readers: readonly Heard[];
}

export interface Summary {
  readonly streams: number;
  readonly readers: number;
  /** Words that were told to a reader after all of them had come, by which the delay is measured. */
  readonly words: number;
  /** After the caller of the gateway had the word; less than nothing where the reader had it first. */
  readonly added_p50_ms: number;
  readonly added_p95_ms: number;
  readonly added_p99_ms: number;
  /** Why the run proves nothing; empty for a valid one. */
  readonly faults: readonly string[];
}

/** `since` is when the last reader had come, by the same clock. */
export function summarise(followed: readonly Followed[], since: number): Summary {
  const added = followed.flatMap(({ caller, readers }) =>
    readers.flatMap(({ at }) =>
      at.flatMap((heard = 0, word) => {
        const told = caller.at[word];
        return told === undefined || told < since ? [] : [heard - told];
      }),
    ),
  );
  const { good, p50Ms, p95Ms, p99Ms } = resultOf(added, 0, 1);
  const readers = followed.flatMap((one) => one.readers);
  return {
    streams: followed.length,
    readers: readers.length,
    words: good,
    added_p50_ms: p50Ms,
    added_p95_ms: p95Ms,
    added_p99_ms: p99Ms,
    faults: [
      ...faultsOf(
        'callers',
        followed.map(({ caller }) => caller),
      ),
      ...faultsOf('readers', readers),
      ...(good === 0 ? ['no word was told after all readers had come'] : []),
    ],
  };
}

function faultsOf(who: string, all: readonly Heard[]): string[] {
  const missed = all.filter(({ at }) => at.filter((moment) => moment !== undefined).length < deltas).length;
  const doubled = all.filter(({ doubles }) => doubles > 0).length;
  return [
    ...(missed > 0 ? [`${missed} ${who} missed words`] : []),
    ...(doubled > 0 ? [`${doubled} ${who} had words twice`] : []),
  ];
}
