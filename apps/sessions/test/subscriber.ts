import { envelope, events, eventsExchange } from '@parley/contracts';
import { connect } from 'amqplib';

/** What was told, read by its contract, with its type beside it. */
export interface Told extends Record<string, unknown> {
  readonly type: string;
}

/** Somebody outside who hears of everything that sessions tells. */
export interface Subscriber {
  /** What was told of one session, in order. */
  of(sessionId: string): Told[];
  /** What was told of a project, and of no session. */
  ofProject(projectId: string): Told[];
  close(): Promise<void>;
}

export async function subscribe(url: string): Promise<Subscriber> {
  const told = new Map<unknown, Told[]>();
  const broker = await connect(url);
  const channel = await broker.createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, eventsExchange, 'sessions.#');
  const take = (message: { content: Buffer } | null) => {
    if (!message) return;
    const one = read(message.content);
    const id = one['session_id'] ?? one['project_id'];
    told.set(id, [...(told.get(id) ?? []), one]);
  };
  await channel.consume(queue, take, { noAck: true });
  const of = (id: string) => told.get(id) ?? [];
  return { of, ofProject: of, close: () => broker.close() };
}

function read(content: Buffer): Told {
  const { type, data } = envelope.parse(JSON.parse(content.toString()));
  const parsed = events.find((event) => event.type === type)?.data.parse(data);
  return { ...(parsed as Record<string, unknown>), type };
}
