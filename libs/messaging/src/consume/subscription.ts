import type { Clock, Log } from '@parley/service-kit';
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import type { BrokerConnection } from '../broker/broker-connection.js';
import { ManagedChannel } from '../broker/managed-channel.js';

/** Messages in work at once, per instance and queue. */
const prefetch = 20;

export interface Delivery {
  readonly channel: ConfirmChannel;
  readonly message: ConsumeMessage;
}

export interface SubscriptionOptions {
  readonly connection: BrokerConnection;
  /** Declares the queue and returns its name; runs on every new channel. */
  readonly declare: (channel: ConfirmChannel) => Promise<string>;
  /** Answers one message; what it rejects with gives the channel up, and with it every unanswered message back. */
  readonly handle: (delivery: Delivery) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** One consumer of one queue, which survives the loss of its channel and of the broker. */
export class Subscription {
  /** Resolves when it consumes for the first time; the queue and its bindings are there from then on. */
  readonly ready: Promise<void>;
  private readonly channel: ManagedChannel;
  private readonly inFlight = new Set<Promise<void>>();
  private consumerTag = '';
  private draining = false;

  constructor(private readonly options: SubscriptionOptions) {
    const ready: PromiseWithResolvers<void> = Promise.withResolvers();
    this.ready = ready.promise;
    const setUp = (channel: ConfirmChannel): Promise<void> => this.consume(channel);
    this.channel = new ManagedChannel({ ...options, setUp, onReady: ready.resolve });
  }

  /** Takes in no more, and resolves when everything in work is answered. */
  async drain(): Promise<void> {
    this.draining = true;
    await this.channel.current?.cancel(this.consumerTag).catch(() => undefined);
    await Promise.all(this.inFlight);
    await this.channel.close();
  }

  private async consume(channel: ConfirmChannel): Promise<void> {
    const queue = await this.options.declare(channel);
    if (this.draining) return;
    await channel.prefetch(prefetch);
    const onMessage = (message: ConsumeMessage | null): void => {
      // The broker says null when the queue is deleted; a new channel declares it again.
      if (message === null) this.channel.reset();
      else this.track(this.answer({ channel, message }));
    };
    ({ consumerTag: this.consumerTag } = await channel.consume(queue, onMessage));
  }

  private track(work: Promise<void>): void {
    this.inFlight.add(work);
    void work.finally(() => this.inFlight.delete(work));
  }

  private async answer(delivery: Delivery): Promise<void> {
    try {
      await this.options.handle(delivery);
    } catch (err) {
      // On a channel that is gone already this is the normal course: the broker delivers again.
      if (delivery.channel !== this.channel.current) return;
      this.options.log.warn({ err }, 'a message could not be answered; the broker delivers it again');
      this.channel.reset();
    }
  }
}
