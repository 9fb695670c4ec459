import { AppError } from '@parley/contracts';
import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** Characters of one event; more is a fault and not an event. */
const maxEventLength = 16 * 1024 * 1024;

/**
 * Server-sent events (WHATWG HTML §9.2) of a body, one array per chunk that completed at least one event. Chunks are
 * read only when asked for, and a character that is split between two of them stays whole.
 * @throws AppError provider.bad_response for an event that does not end.
 */
export async function* serverSentEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<EventSourceMessage[]> {
  let events: EventSourceMessage[] = [];
  const decoder = new TextDecoder();
  const parser = createParser({
    maxBufferSize: maxEventLength,
    onEvent: (event) => events.push(event),
    onError(error) {
      if (error.type !== 'max-buffer-size-exceeded') return;
      throw new AppError('provider.bad_response', { internal: error.message });
    },
  });
  for await (const chunk of body) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (events.length === 0) continue;
    const complete = events;
    events = [];
    yield complete;
  }
}
