import { connect, type ConfirmChannel, type GetMessage } from 'amqplib';
import { headersOf, passOn, propertiesOf } from '../broker/pass-on.js';
import { sendConfirmed } from '../broker/send.js';
import type { AmqpConfig } from '../config.js';
import { attemptHeader, deadQueue, declareDeadQueue, reasonHeader, sharedQueue } from '../topology.js';

/** An event that was given up, as an operator sees it. */
export interface DeadLetter {
  readonly event_id: string | undefined;
  readonly type: string | undefined;
  readonly reason: string;
  readonly attempts: number;
  /** The message as it came; text where it is no JSON. */
  readonly content: unknown;
}

export interface DeadLettersOptions {
  readonly service: string;
  readonly config: AmqpConfig;
}

/** The events that a service gave up. Listing takes none away; replaying sends them to the service again. */
export class DeadLetters {
  constructor(private readonly options: DeadLettersOptions) {}

  /** Oldest first. */
  list(limit = 100): Promise<DeadLetter[]> {
    return this.onChannel(async (channel) => {
      const letters: DeadLetter[] = [];
      for await (const message of this.take(channel, limit)) letters.push(describe(message));
      return letters;
    });
  }

  /** Sends the events with these ids, or all, to the service's queue, as new; returns how many. */
  replay(ids?: readonly string[]): Promise<number> {
    return this.onChannel(async (channel) => {
      let replayed = 0;
      for await (const message of this.take(channel, Infinity)) {
        const { messageId } = propertiesOf(message);
        if (ids !== undefined && (messageId === undefined || !ids.includes(messageId))) continue;
        await sendConfirmed(channel, sharedQueue(this.options.service), message.content, passOn(message, {}));
        channel.ack(message);
        replayed += 1;
      }
      return replayed;
    });
  }

  /** Each message that is in the queue now, once; what is not acknowledged goes back when the channel closes. */
  private async *take(channel: ConfirmChannel, limit: number): AsyncGenerator<GetMessage> {
    const queue = deadQueue(this.options.service);
    const { messageCount } = await channel.checkQueue(queue);
    for (let count = 0; count < Math.min(messageCount, limit); count++) {
      const message = await channel.get(queue);
      if (message === false) return;
      yield message;
    }
  }

  private async onChannel<T>(fn: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
    const { AMQP_URL, AMQP_CA } = this.options.config;
    const connection = await connect(AMQP_URL, { timeout: 10_000, ...(AMQP_CA !== undefined && { ca: [AMQP_CA] }) });
    connection.on('error', () => undefined);
    try {
      const channel = await connection.createConfirmChannel();
      channel.on('error', () => undefined);
      await declareDeadQueue(channel, this.options.service);
      return await fn(channel);
    } finally {
      await connection.close();
    }
  }
}

function describe(message: GetMessage): DeadLetter {
  const { messageId, type } = propertiesOf(message);
  const { [attemptHeader]: attempts, [reasonHeader]: ours, 'x-first-death-reason': brokers } = headersOf(message);
  const reason = ours ?? brokers;
  return {
    event_id: messageId,
    type,
    reason: typeof reason === 'string' ? reason : 'unknown',
    attempts: typeof attempts === 'number' ? attempts : 0,
    content: parsed(message.content.toString('utf8')),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
