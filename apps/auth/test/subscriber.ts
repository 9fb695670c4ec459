import { connect } from 'amqplib';

export interface ReceivedEvent {
  readonly type: string;
  readonly tenantid: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An outside subscriber: a queue of its own on the documented exchange, and nothing of ours. */
export interface Subscriber {
  /** Received events of this type whose data has these values. */
  all(type: string, data: Readonly<Record<string, unknown>>): ReceivedEvent[];
  /** The first of them. @throws Error when there is none yet. */
  find(type: string, data: Readonly<Record<string, unknown>>): ReceivedEvent;
  close(): Promise<void>;
}

export async function newSubscriber(url: string, pattern: string): Promise<Subscriber> {
  const connection = await connect(url);
  const channel = await connection.createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, 'parley.events', pattern);
  const received: ReceivedEvent[] = [];
  await channel.consume(
    queue,
    (message) => {
      if (message) received.push(JSON.parse(message.content.toString()) as ReceivedEvent);
    },
    { noAck: true },
  );
  const all: Subscriber['all'] = (type, data) =>
    received.filter((event) => event.type === type && Object.entries(data).every(([k, v]) => event.data[k] === v));
  return {
    all,
    find: (type, data) => {
      const [event] = all(type, data);
      if (!event) throw new Error(`No ${type} with ${JSON.stringify(data)} among ${received.length} events`);
      return event;
    },
    close: () => connection.close(),
  };
}
