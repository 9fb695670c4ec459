import type { Place } from '@parley/limits';

/** The stream, whose end gives the place to the next. */
export async function* holding<T>(place: Place, stream: AsyncIterable<T>): AsyncGenerator<T, void, void> {
  try {
    yield* stream;
  } finally {
    place.leave();
  }
}
