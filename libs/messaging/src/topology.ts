import { eventsExchange, type EventContract } from '@parley/contracts';
import type { Channel } from 'amqplib';

/** Delays between the attempts at one event; after the last step, one more attempt, then the dead letters. */
export const ladderMs = [1_000, 5_000, 30_000, 120_000, 600_000] as const;
export const maxAttempts = ladderMs.length + 1;

/** Header of a message in its second or a later attempt: how many went before. */
export const attemptHeader = 'x-parley-attempts';
/** Header of a dead letter: why it is one. */
export const reasonHeader = 'x-parley-reason';

/**
 * A message that was taken and never answered this often, because its consumer died each time, becomes a dead letter
 * (https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling).
 */
const deliveryLimit = 20;
/** Looking at dead letters counts as a delivery; from RabbitMQ 4 on queues without a limit of their own stop at 20. */
const unlimited = 1_000_000;

export const sharedQueue = (service: string): string => `parley.${service}`;
export const deadQueue = (service: string): string => `parley.${service}.dead`;
export const retryQueue = (service: string, delayMs: number): string => `parley.${service}.retry.${delayMs / 1_000}s`;
export const broadcastQueue = (service: string, instance: string): string => `parley.${service}.instance.${instance}`;

const quorum = { 'x-queue-type': 'quorum' };
/** Expired and over-delivered messages move on with a confirm, so that a crash in between loses none. */
const movesOnTo = (queue: string) => ({
  'x-dead-letter-exchange': '',
  'x-dead-letter-routing-key': queue,
  'x-dead-letter-strategy': 'at-least-once',
  'x-overflow': 'reject-publish',
});

async function declareExchange(channel: Channel): Promise<void> {
  await channel.assertExchange(eventsExchange, 'topic', { durable: true });
}

/** The exchange, and the queues of services that must miss none of these events though they may never have been started. */
export async function declareForPublisher(channel: Channel, contracts: readonly EventContract[]): Promise<void> {
  await declareExchange(channel);
  for (const { type, keptFor = [] } of contracts)
    for (const service of keptFor) await declareShared(channel, service, [type]);
}

export async function declareDeadQueue(channel: Channel, service: string): Promise<void> {
  await channel.assertQueue(deadQueue(service), { arguments: { ...quorum, 'x-delivery-limit': unlimited } });
}

/** The queue that all instances of a service share, its ladder of delays and its dead letters. */
export async function declareShared(channel: Channel, service: string, types: readonly string[]): Promise<string> {
  const queue = sharedQueue(service);
  await declareExchange(channel);
  await declareDeadQueue(channel, service);
  for (const delayMs of ladderMs)
    await channel.assertQueue(retryQueue(service, delayMs), {
      arguments: { ...quorum, 'x-message-ttl': delayMs, ...movesOnTo(queue) },
    });
  await channel.assertQueue(queue, {
    arguments: { ...quorum, 'x-delivery-limit': deliveryLimit, ...movesOnTo(deadQueue(service)) },
  });
  for (const type of types) await channel.bindQueue(queue, eventsExchange, type);
  return queue;
}

/**
 * The queue of one instance. It outlives a lost connection, so that no invalidation is missed, and the broker deletes
 * it five minutes after the instance is gone.
 */
export async function declareBroadcast(channel: Channel, queue: string, types: readonly string[]): Promise<string> {
  await declareExchange(channel);
  await channel.assertQueue(queue, { durable: true, expires: 300_000 });
  for (const type of types) await channel.bindQueue(queue, eventsExchange, type);
  return queue;
}
