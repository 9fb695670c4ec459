import { eventsExchange, type EventContract } from '@parley/contracts';
import type { Clock, Log } from '@parley/service-kit';
import type { ConfirmChannel, Options } from 'amqplib';
import type { BrokerConnection } from '../broker/broker-connection.js';
import { confirmed } from '../broker/send.js';
import { ManagedChannel } from '../broker/managed-channel.js';
import { declareForPublisher } from '../topology.js';
import { inTrace } from '../trace.js';

/** An event as it goes out. */
export interface Outgoing {
  readonly id: string;
  readonly type: string;
  readonly tenant_id: string;
  readonly occurred_at: Date;
  readonly traceparent: string;
  /** JSON text. */
  readonly data: string;
}

/** A broker that takes a message and confirms nothing for this long is given up, and the channel opened anew. */
const confirmTimeoutMs = 10_000;

export interface PublisherOptions {
  readonly connection: BrokerConnection;
  /** The source of the events: `/parley/<service>`. */
  readonly service: string;
  readonly publishes: readonly EventContract[];
  readonly clock: Clock;
  readonly log: Log;
  /** Called whenever events can be sent (again). */
  readonly onReady: () => void;
}

/** Sends events to the exchange, persistent and confirmed. */
export class Publisher {
  private readonly channel: ManagedChannel;

  constructor(private readonly options: PublisherOptions) {
    this.channel = new ManagedChannel({
      ...options,
      setUp: (channel) => declareForPublisher(channel, options.publishes),
    });
    options.connection.on('unblocked', options.onReady);
  }

  open(): Promise<void> {
    return this.options.connection.open();
  }

  get ready(): boolean {
    return this.channel.current !== undefined && this.options.connection.blockedBecause === undefined;
  }

  /** The events that the broker has confirmed; those missing must be sent again. */
  async publish<T extends Outgoing>(events: readonly T[]): Promise<T[]> {
    const channel = this.channel.current;
    if (channel === undefined) return [];
    const safe: T[] = [];
    const sent = events.map((event) =>
      this.send(channel, event).then(
        () => void safe.push(event),
        () => undefined,
      ),
    );
    const late = Promise.withResolvers<'late'>();
    const cancel = this.options.clock.setTimeout(() => late.resolve('late'), confirmTimeoutMs);
    if ((await Promise.race([Promise.all(sent), late.promise])) === 'late') this.channel.reset();
    cancel();
    return [...safe];
  }

  close(): Promise<void> {
    return this.channel.close();
  }

  private send(channel: ConfirmChannel, event: Outgoing): Promise<void> {
    const { service } = this.options;
    const properties: Options.Publish = {
      persistent: true,
      contentType: 'application/cloudevents+json',
      messageId: event.id,
      type: event.type,
      appId: `parley-${service}`,
      timestamp: Math.floor(event.occurred_at.getTime() / 1_000),
      headers: { traceparent: event.traceparent },
    };
    const content = cloudEvent(event, service);
    return inTrace(event.traceparent, () =>
      confirmed((done) => channel.publish(eventsExchange, event.type, content, properties, done)),
    );
  }
}

/** CloudEvents 1.0, JSON format; the data is JSON already and is put in as it is. */
function cloudEvent(event: Outgoing, service: string): Buffer {
  const attributes = JSON.stringify({
    specversion: '1.0',
    id: event.id,
    type: event.type,
    source: `/parley/${service}`,
    time: event.occurred_at.toISOString(),
    datacontenttype: 'application/json',
    tenantid: event.tenant_id,
    traceparent: event.traceparent,
  });
  return Buffer.from(`${attributes.slice(0, -1)},"data":${event.data}}`);
}
