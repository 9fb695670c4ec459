import { envelope, eventsExchange, type Envelope } from '@parley/contracts';
import { connect, type ConsumeMessage } from 'amqplib';

/** A subscriber that has nothing of ours but the exchange's name: plain amqplib, a queue and a binding. */
export interface Outsider {
  readonly messages: readonly ConsumeMessage[];
  /** The messages, parsed as CloudEvents. */
  events(): Envelope[];
  close(): Promise<void>;
}

export async function outsider(url: string, pattern = '#'): Promise<Outsider> {
  const connection = await connect(url);
  const channel = await connection.createChannel();
  const messages: ConsumeMessage[] = [];
  await channel.assertExchange(eventsExchange, 'topic', { durable: true });
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, eventsExchange, pattern);
  await channel.consume(queue, (message) => message && messages.push(message), { noAck: true });
  return {
    messages,
    events: () => messages.map(({ content }) => envelope.parse(JSON.parse(content.toString()))),
    close: () => connection.close(),
  };
}
