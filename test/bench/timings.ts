import type { Result } from './load.ts';

export interface Effort {
  readonly inFlight: number;
  readonly seconds: number;
}

/**
 * A load of our own, where the load generator cannot go: so many at a time, each with its next as soon as the last is
 * done. `once` answers whether it went well; its argument says which of those at a time it is.
 */
export async function keepBusy(
  { inFlight, seconds }: Effort,
  once: (worker: number) => Promise<boolean>,
): Promise<Result> {
  const tookMs: number[] = [];
  let bad = 0;
  const stopAt = performance.now() + seconds * 1_000;
  const keepDoing = async (worker: number) => {
    for (let now = performance.now(); now < stopAt;) {
      const good = await once(worker);
      const ended = performance.now();
      if (good) tookMs.push(ended - now);
      else bad += 1;
      now = ended;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, (_, worker) => keepDoing(worker)));
  return resultOf(tookMs, bad, seconds);
}

/** What so many times come to. */
export function resultOf(tookMs: readonly number[], bad: number, seconds: number): Result {
  const sorted = tookMs.toSorted((a, b) => a - b);
  const percentile = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0;
  return {
    good: sorted.length,
    bad,
    perSecond: sorted.length / seconds,
    p50Ms: percentile(0.5),
    p95Ms: percentile(0.95),
    p99Ms: percentile(0.99),
  };
}
