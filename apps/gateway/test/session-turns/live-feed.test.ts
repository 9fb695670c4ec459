/** Real: Redis. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RedisConnection, RedisSubscriptions } from '@parley/cache';
import { liveEntry, liveField, liveKey, type LiveEntry, type StreamBatch } from '@parley/contracts';
import { systemClock } from '@parley/resilience';
import { silentLog } from '@parley/service-kit';
import { eventually, testRedis, type TestRedis } from '@parley/testing';
import { LiveFeeds } from '../../src/session-turns/live-feed.js';

let redis: TestRedis;
let connection: RedisConnection;
let subscriptions: RedisSubscriptions;

beforeAll(async () => {
  redis = await testRedis();
  const config = { REDIS_URL: redis.url, REDIS_COMMAND_TIMEOUT_MS: 5_000 };
  connection = new RedisConnection(config, systemClock, silentLog);
  subscriptions = new RedisSubscriptions(config, systemClock, silentLog);
  await connection.connect();
});
afterAll(async () => {
  connection.close();
  subscriptions.close();
  await redis.close();
});

const word = (text: string): StreamBatch => [{ type: 'delta', index: 0, delta: { type: 'text', text } }];
const [tenant, turnId] = [randomUUID(), randomUUID()];
let session: string;
let key: string;
/** What is told on the session's channel. */
let heard: string[];

beforeEach(async () => {
  session = randomUUID();
  key = liveKey(tenant, session);
  heard = [];
  await subscriptions.subscribe(key, { onMessage: (text) => void heard.push(text) });
});

const opened = JSON.stringify({ type: 'opened', turn_id: turnId } satisfies LiveEntry);
const stored = async () => (await redis.client.xrange(key, '-', '+')).map(([, [, text]]) => text);

describe('what comes of an answer', () => {
  it('is kept in the stream that sessions has begun, and told to who reads along, in the same words', async () => {
    await redis.client.xadd(key, '*', liveField, opened);
    const feed = new LiveFeeds(connection).of(tenant, session, turnId);
    for (const text of ['It ', 'is ', 'so.']) feed.add(word(text));

    await eventually(async () => expect(await stored()).toHaveLength(3));
    const [first, ...entries] = await stored();
    expect(first).toBe(opened);
    await eventually(() => expect(heard).toEqual(entries));
    const read = entries.map((text) => liveEntry.parse(JSON.parse(text ?? '')));
    expect(read).toEqual([
      { type: 'events', turn_id: turnId, n: 1, events: [...word('It ')] },
      { type: 'events', turn_id: turnId, n: 2, events: [...word('is '), ...word('so.')] },
    ]);
    expect(await redis.client.pttl(key)).toBeGreaterThan(60_000);
  });

  it('begins no stream that sessions has ended, and is told all the same', async () => {
    new LiveFeeds(connection).of(tenant, session, turnId).add(word('late'));
    await eventually(() => expect(heard).toHaveLength(1));
    expect(await redis.client.exists(key)).toBe(0);
  });

  it('goes with its session, also what is on its way', async () => {
    await redis.client.xadd(key, '*', liveField, opened);
    const feed = new LiveFeeds(connection).of(tenant, session, turnId);
    for (const text of ['It ', 'is ', 'so.']) feed.add(word(text));
    await feed.forget();
    expect(await redis.client.exists(key)).toBe(0);
  });
});
