import { isAppError, type EventContract, type EventOf } from '@parley/contracts';
import { runInRequest, traceHeaders, type Log, type Metrics } from '@parley/service-kit';
import { trace } from '@opentelemetry/api';
import type { ConsumeMessage } from 'amqplib';
import { headersOf } from '../broker/pass-on.js';
import { inTrace, traceparentOf } from '../trace.js';
import { readMessage, type Incoming } from './incoming.js';
import type { Outcome } from './next-step.js';
import { retry, type Verdict } from './verdict.js';

/** What a service does with the events of one type. */
export type Handler = (event: EventOf<EventContract>) => Promise<Verdict>;

export interface ProcessorOptions {
  readonly contracts: ReadonlyMap<string, EventContract>;
  readonly handlers: ReadonlyMap<string, Handler>;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Reads one message and runs its handler as a request of its own, in the trace of whoever published it. */
export class Processor {
  private readonly handled;

  constructor(private readonly options: ProcessorOptions) {
    this.handled = options.metrics.counter({
      name: 'events_handled_total',
      help: 'Attempts at received events, by type and outcome',
      labels: ['event', 'outcome'],
    });
  }

  async process(message: ConsumeMessage): Promise<Outcome> {
    const incoming = readMessage(message.content, this.options.contracts);
    const outcome = await this.attempt(incoming, message);
    const event = incoming.kind === 'event' ? incoming.event.type : incoming.kind;
    this.handled.with({ event, outcome: outcome.kind }).inc();
    return outcome;
  }

  private async attempt(incoming: Incoming, message: ConsumeMessage): Promise<Outcome> {
    if (incoming.kind === 'invalid') return { kind: 'reject', because: incoming.because };
    const handler = incoming.kind === 'event' ? this.options.handlers.get(incoming.event.type) : undefined;
    // During a roll-out the next version of this service may know it: one of its instances gets it in another attempt.
    if (incoming.kind === 'unknown' || handler === undefined) return retry({ because: 'No handler for this type' });
    const sent = traceparentOf(headersOf(message)['traceparent']) ?? traceparentOf(incoming.traceparent);
    return inTrace(sent, () => this.run(incoming.event, handler, sent));
  }

  private run(event: EventOf<EventContract>, handler: Handler, sent: string | undefined): Promise<Outcome> {
    const spanned = trace.getActiveSpan()?.isRecording() === true;
    const request = {
      requestId: event.id,
      traceparent: spanned || sent === undefined ? traceHeaders().traceparent : sent,
      tenantId: event.tenantId,
      log: this.options.log.child({ event_id: event.id, event_type: event.type }),
    };
    return runInRequest(request, async (): Promise<Outcome> => {
      try {
        return await handler(event);
      } catch (err) {
        this.options.log.warn({ err, event_type: event.type }, 'an event handler failed');
        const because = err instanceof Error ? err.message : String(err);
        return isAppError(err) && err.code === 'service.unavailable'
          ? { kind: 'postpone', because }
          : retry({ because });
      }
    });
  }
}
