import type { Clock } from '@parley/resilience';

/** An answer of Consul with the index (X-Consul-Index) from which the next question waits for a change. */
export interface Indexed<T> {
  readonly index: number;
  readonly value: T;
}

export interface BlockingQueryOptions<T> {
  /** Without an index it answers at once, with one when something changed or after Consul's own wait. */
  readonly ask: (index: number | undefined, signal: AbortSignal) => Promise<Indexed<T>>;
  /** `continuous` is false for the first answer and for the first after Consul failed or lost its memory. */
  readonly onAnswer: (value: T, continuous: boolean) => void;
  readonly onError: (error: unknown) => void;
  readonly clock: Clock;
  readonly random?: () => number;
}

/** Pause after the n-th failure in a row: up to 200 ms, doubled each time, up to 3 s, with full jitter. */
const baseDelayMs = 200;
const maxDelayMs = 3_000;

/**
 * Asks Consul for a value and for each change of it, for ever (developer.hashicorp.com/consul/api-docs/features/blocking).
 * Ours instead of the client's own watch: that one keeps its index over a lost connection, so that a Consul which
 * started anew with lower indexes leaves it waiting for the whole of its wait time.
 */
export function blockingQuery<T>(options: BlockingQueryOptions<T>): () => void {
  const stopped = new AbortController();
  void follow(options, stopped.signal);
  return () => {
    stopped.abort();
  };
}

interface Position {
  readonly index: number | undefined;
  readonly failures: number;
}

async function follow<T>(options: BlockingQueryOptions<T>, signal: AbortSignal): Promise<void> {
  let position: Position = { index: undefined, failures: 0 };
  while (!signal.aborted) position = await step(options, position, signal);
}

async function step<T>(options: BlockingQueryOptions<T>, from: Position, signal: AbortSignal): Promise<Position> {
  try {
    const { index, value } = await options.ask(from.index, signal);
    // An index below the last one means that Consul counts anew; below 1 it is not to be waited from.
    if (index !== from.index) options.onAnswer(value, from.index !== undefined && index > from.index);
    return { index: Math.max(1, index), failures: 0 };
  } catch (error) {
    if (!signal.aborted) {
      options.onError(error);
      await pause(options, from.failures, signal);
    }
    return { index: undefined, failures: from.failures + 1 };
  }
}

function pause(
  { clock, random = Math.random }: Pick<BlockingQueryOptions<unknown>, 'clock' | 'random'>,
  failures: number,
  signal: AbortSignal,
): Promise<void> {
  const delayMs = random() * Math.min(baseDelayMs * 2 ** failures, maxDelayMs);
  return new Promise((resolve) => {
    const done = (): void => {
      signal.removeEventListener('abort', done);
      cancel();
      resolve();
    };
    const cancel = clock.setTimeout(done, delayMs);
    signal.addEventListener('abort', done);
  });
}
