import { connect, type ConfirmChannel, type GetMessage } from 'amqplib';

/** Looks into queues and puts messages into them, past the service. */
export interface Queues {
  readonly channel: ConfirmChannel;
  send(queue: string, content: unknown, headers?: object): Promise<void>;
  /** Takes one message out. */
  take(queue: string): Promise<GetMessage | false>;
  /** Rejects while there is no such queue. */
  look(queue: string): Promise<{ messageCount: number; consumerCount: number }>;
  close(): Promise<void>;
}

export async function openQueues(url: string): Promise<Queues> {
  const connection = await connect(url);
  const channel = await connection.createConfirmChannel();
  return {
    channel,
    send: async (queue, content, headers = {}) => {
      const text = typeof content === 'string' ? content : JSON.stringify(content);
      channel.sendToQueue(queue, Buffer.from(text), { persistent: true, messageId: 'by-hand', headers });
      await channel.waitForConfirms();
    },
    take: (queue) => channel.get(queue, { noAck: true }),
    // Asking for a queue that is not there closes the channel, so each question has its own.
    look: async (queue) => {
      const own = await connection.createChannel();
      own.on('error', () => undefined);
      const counts = await own.checkQueue(queue);
      await own.close();
      return counts;
    },
    close: () => connection.close(),
  };
}
