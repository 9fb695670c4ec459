/**
 * Passes on what the source gives. A reader who leaves does not end the source: the rest is read without them, and
 * `onLeft` gets the promise of its end.
 */
export async function* readOn<T>(
  source: AsyncIterator<T, void, void>,
  onLeft: (rest: Promise<void>) => void,
): AsyncGenerator<T, void, void> {
  /** Only while a value is out with the reader can the reader leave. */
  let withReader = false;
  try {
    for (let next = await source.next(); next.done !== true; next = await source.next()) {
      withReader = true;
      yield next.value;
      withReader = false;
    }
  } finally {
    if (withReader) onLeft(drain(source));
  }
}

async function drain(source: AsyncIterator<unknown, void, void>): Promise<void> {
  while ((await source.next()).done !== true);
}
