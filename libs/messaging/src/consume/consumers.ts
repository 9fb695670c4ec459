import { Injectable } from '@nestjs/common';
import { Clock, Log, Metrics } from '@parley/service-kit';
import type { BrokerConnection } from '../broker/broker-connection.js';
import { Broker } from '../broker/broker.js';
import { MessagingOptions } from '../messaging.options.js';
import { broadcastQueue, declareBroadcast, declareShared } from '../topology.js';
import { BroadcastConsumer } from './broadcast-consumer.js';
import { Processor, type Handler } from './processor.js';
import { SharedConsumer } from './shared-consumer.js';
import { Subscription, type SubscriptionOptions } from './subscription.js';

export type Handlers = ReadonlyMap<string, Handler>;

/** The start waits this long for a broker that is there to declare the queues; half a second is usual. */
const declareTimeoutMs = 5_000;

/** The subscriptions of one instance. */
@Injectable()
export class Consumers {
  private readonly subscriptions: Subscription[] = [];

  constructor(
    private readonly options: MessagingOptions,
    private readonly broker: Broker,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Resolves when the queues are there, so that a service that is ready misses no event; at once when the broker is away,
   * and then consuming begins with its return.
   */
  async start(shared: Handlers, broadcast: Handlers): Promise<void> {
    const { service } = this.options;
    if (shared.size > 0) {
      const consumer = new SharedConsumer(service, this.processor(shared), this.log);
      this.subscribe({
        declare: (channel) => declareShared(channel, service, [...shared.keys()]),
        handle: (delivery) => consumer.handle(delivery),
      });
    }
    if (broadcast.size > 0) {
      const consumer = new BroadcastConsumer(this.processor(broadcast), this.clock, this.log);
      const queue = broadcastQueue(service, this.broker.instance);
      this.subscribe({
        declare: (channel) => declareBroadcast(channel, queue, [...broadcast.keys()]),
        handle: (delivery) => consumer.handle(delivery),
      });
    }
    if (this.subscriptions.length > 0) await this.connect(this.broker.connection('consume'));
  }

  /** Takes in no more, and finishes what is in work. */
  async drain(): Promise<void> {
    await Promise.all(this.subscriptions.map((subscription) => subscription.drain()));
  }

  private async connect(connection: BrokerConnection): Promise<void> {
    const ready = Promise.all(this.subscriptions.map((subscription) => subscription.ready));
    const away = new Promise<void>((resolve) => void connection.once('down', resolve));
    const late: PromiseWithResolvers<void> = Promise.withResolvers();
    const cancel = this.clock.setTimeout(late.resolve, declareTimeoutMs);
    await connection.open();
    await Promise.race([ready, away, late.promise]);
    cancel();
  }

  private subscribe(options: Pick<SubscriptionOptions, 'declare' | 'handle'>): void {
    const connection = this.broker.connection('consume');
    this.subscriptions.push(new Subscription({ ...options, connection, clock: this.clock, log: this.log }));
  }

  private processor(handlers: Handlers): Processor {
    const contracts = new Map(this.options.subscribes?.map((contract) => [contract.type, contract] as const));
    return new Processor({ contracts, handlers, log: this.log, metrics: this.metrics });
  }
}
