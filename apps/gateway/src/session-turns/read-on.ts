/**
 * Passes on what the source gives. A reader who leaves does not end the source: the rest is read without them, and
 * `onLeft` gets the promise of its end. Nor does a reader who takes nothing for now keep a source from ending that `signal`
 * aborts: its end is read ahead.
 */
export async function* readOn<T>(
  source: AsyncIterator<T, void, void>,
  onLeft: (rest: Promise<void>) => void,
  signal: AbortSignal,
): AsyncGenerator<T, void, void> {
  /** Only while a value is out with the reader can the reader leave. */
  let withReader = false;
  const ahead: Promise<IteratorResult<T, void>>[] = [];
  const take = () => ahead.shift() ?? source.next();
  const readAhead = () => {
    if (withReader) void drain(source, (step) => ahead.push(step)).catch(() => undefined);
  };
  signal.addEventListener('abort', readAhead);
  try {
    for (let next = await take(); next.done !== true; next = await take()) {
      withReader = true;
      yield next.value;
      withReader = false;
    }
  } finally {
    signal.removeEventListener('abort', readAhead);
    if (withReader) onLeft(drain(source));
  }
}

async function drain<T>(
  source: AsyncIterator<T, void, void>,
  onStep?: (step: Promise<IteratorResult<T, void>>) => void,
): Promise<void> {
  for (;;) {
    const step = source.next();
    onStep?.(step);
    if ((await step).done === true) return;
  }
}
