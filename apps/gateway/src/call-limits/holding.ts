import type { StreamLease } from '@parley/limits';

/** The stream, whose end gives the lease to the next. */
export async function* holding<T>(lease: StreamLease, stream: AsyncIterable<T>): AsyncGenerator<T, void, void> {
  try {
    yield* stream;
  } finally {
    lease.leave();
  }
}
