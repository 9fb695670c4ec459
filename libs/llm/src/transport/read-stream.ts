import { AppError, isAppError, type StreamBatch, type StreamEvent } from '@parley/contracts';
import type { EventSourceMessage } from 'eventsource-parser';
import { badResponse } from './failures.js';
import { serverSentEvents } from './sse.js';
import type { Answer } from './answer.js';
import type { Transport } from './transport.js';

/** How long the rest of a body may take after the answer is whole, before its connection is given up. */
const drainMs = 1_000;

/** Turns a vendor’s events into ours; `done` once the vendor has said that the answer is whole. */
export interface StreamReader {
  readonly done: boolean;
  read(event: EventSourceMessage): StreamEvent[];
}

interface Read {
  readonly batch: StreamEvent[];
  readonly failure?: unknown;
}

const says = ({ type }: StreamEvent): boolean => type === 'block_start' || type === 'delta';

/**
 * Leaves out what follows the end. What the provider said before it failed counts, however it arrived; where it said
 * nothing its failure is all there is, so that another one can be asked.
 */
function readAll(events: readonly EventSourceMessage[], reader: StreamReader): Read {
  const batch: StreamEvent[] = [];
  try {
    for (const event of events) {
      if (reader.done) break;
      for (const one of reader.read(event)) batch.push(one);
    }
  } catch (failure) {
    if (batch.some(says)) return { batch, failure };
    throw failure;
  }
  return { batch };
}

/** Reads on to the end of the body, so that its connection is kept for the next call. */
async function drain(events: AsyncIterator<unknown>, answer: Answer): Promise<void> {
  const timer = setTimeout(() => answer.destroy(), drainMs);
  try {
    while (!(await events.next()).done);
  } catch {
    // The answer was whole: what happens to its connection concerns nobody.
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The batches of one streamed answer. Leaving the loop early, or the signal, ends the provider’s call.
 * @throws AppError provider.interrupted when the stream stops short of its end, provider.timeout when its first event
 * takes longer than a first byte may: a provider that only trickles would use up the time of those asked after it.
 */
export async function* readStream(
  transport: Transport,
  answer: Answer,
  signal: AbortSignal,
  reader: StreamReader,
): AsyncGenerator<StreamBatch> {
  const events = serverSentEvents(answer);
  const late = setTimeout(() => {
    answer.destroy(new AppError('provider.timeout', { internal: `${transport.provider}: bytes, but no event` }));
  }, transport.firstByteTimeoutMs);
  try {
    const contentType = String(answer.headers['content-type']);
    if (!contentType.startsWith('text/event-stream')) {
      throw badResponse(transport.provider, `content type ${contentType} instead of an event stream`);
    }
    for (let next = await events.next(); !next.done; next = await events.next()) {
      const { batch, failure } = readAll(next.value, reader);
      if (batch.length > 0) {
        clearTimeout(late);
        yield batch;
      }
      if (failure !== undefined) throw failure as Error;
      if (reader.done) return;
    }
    throw new AppError('provider.interrupted', { internal: 'the stream ended before the answer did' });
  } catch (error) {
    throw isAppError(error) ? error : transport.failure(error, signal);
  } finally {
    clearTimeout(late);
    if (!reader.done) answer.destroy();
    else if (!answer.complete) void drain(events, answer);
  }
}
