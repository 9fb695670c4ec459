/** Real: Redis, by a way that can be cut. Fake: nothing. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { RedisConnection } from '@parley/cache';
import {
  accessChange,
  accessChangesKey,
  changedTenantsKey,
  lostAccessChanges,
  type AccessChange,
} from '@parley/contracts';
import { Shutdown, silentLog, systemClock } from '@parley/service-kit';
import { eventually, severable, testRedis, type Severable, type TestRedis } from '@parley/testing';
import { AccessChangeStore } from '../../src/access-changes/access-change-store.js';
import { TokenLifetimes } from '../../src/tokens/token-lifetimes.js';

const lifetimes = new TokenLifetimes({ ACCESS_TOKEN_TTL_S: 300, REFRESH_TOKEN_TTL_S: 600, API_KEY_TOKEN_TTL_S: 60 });
const tenant = randomUUID();

let server: TestRedis;
let way: Severable;
let redis: RedisConnection;
let shutdown: Shutdown;
let sut: AccessChangeStore;

beforeEach(async () => {
  server = await testRedis();
  way = await severable(server.url);
  redis = new RedisConnection({ REDIS_URL: way.url, REDIS_COMMAND_TIMEOUT_MS: 250 }, systemClock, silentLog);
  await redis.connect();
  shutdown = new Shutdown(systemClock, silentLog);
  sut = new AccessChangeStore(lifetimes, redis, systemClock, silentLog, shutdown);
});
const drain = () => shutdown.run({ announceMs: 0, intakeMs: 0 });
afterEach(async () => {
  await drain();
  redis.close();
  await Promise.all([way.close(), server.close()]);
});

const ended = (livesMs = 60_000): AccessChange => ({
  kind: 'login_ended',
  ...{ id: randomUUID(), until: new Date(Date.now() + livesMs).toISOString() },
});
const many = (count: number): AccessChange[] => Array.from({ length: count }, () => ended());
const key = accessChangesKey(tenant);
const texts = (of = tenant) => server.client.zrange(accessChangesKey(of), 0, -1);
const ids = async (of = tenant) =>
  (await texts(of)).filter((text) => text !== lostAccessChanges).map((text) => accessChange.parse(JSON.parse(text)).id);
const scores = async () =>
  (await server.client.zrange(key, 0, -1, 'WITHSCORES')).filter((_, place) => place % 2 === 1).map(Number);
const idsOf = (changes: readonly AccessChange[]) => changes.map(({ id }) => id);

it('scores rise with each change of any tenant, also above that of a clock which was ahead', async () => {
  const ahead = (Date.now() + 3_600_000) * 1_000;
  await server.client.zadd(changedTenantsKey, ahead, randomUUID());

  sut.add(tenant, many(600));
  sut.add(randomUUID(), many(1));
  sut.add(tenant, many(1));

  await eventually(async () => expect(await scores()).toHaveLength(601));
  const found = await scores();
  expect(found[0]).toBeGreaterThan(ahead);
  expect(found.every((score, place) => place === 0 || score > (found[place - 1] ?? 0))).toBe(true);
  expect(Number(await server.client.zscore(changedTenantsKey, tenant))).toBe(found.at(-1));
  const keptMs = 310_000;
  expect(await server.client.pttl(changedTenantsKey)).toBeGreaterThan(3_600_000 + keptMs - 10_000);
});

it('what comes while Redis is away waits, in its order, and without what has ended meanwhile', async () => {
  sut.onModuleInit();
  const [first, last] = [many(3), many(2)];
  await way.cut();
  await eventually(() => expect(redis.available).toBe(false));

  sut.add(tenant, [...first, ended(0)]);
  sut.add(tenant, last);
  await way.restore();

  await eventually(async () => expect(await ids()).toEqual(idsOf([...first, ...last])));
});

it('10,000 changes wait at the most: the tenant with the most loses its own, which is told, and no other does', async () => {
  const other = randomUUID();
  const [others, after] = [many(3), many(1)];
  await way.cut();
  await eventually(() => expect(redis.available).toBe(false));
  sut.add(other, others);
  sut.add(tenant, many(10_000));
  await way.restore();
  await eventually(() => expect(redis.available).toBe(true));

  sut.add(tenant, after);

  await eventually(async () => expect(await ids(other)).toEqual(idsOf(others)));
  await eventually(async () =>
    expect(await texts()).toEqual([lostAccessChanges, ...after.map((one) => JSON.stringify(one))]),
  );
});

it('what waits is written before the process ends', async () => {
  sut.onModuleInit();
  const changes = many(1);
  await way.cut();
  await eventually(() => expect(redis.available).toBe(false));
  sut.add(tenant, changes);
  await way.restore();
  await eventually(() => expect(redis.available).toBe(true));

  await drain();

  expect(await ids()).toEqual(idsOf(changes));
});

it('Redis keeps the newest 10,000 of a tenant, says up to where some were lost, and loses none of another', async () => {
  const other = randomUUID();
  const [others, flood, more] = [many(1), many(10_003), many(2)];
  sut.onModuleInit();
  sut.add(other, others);
  await eventually(async () => expect(await ids(other)).toEqual(idsOf(others)));

  const written = (last: AccessChange | undefined) =>
    eventually(async () => expect(await server.client.zrange(key, -1, -1)).toEqual([JSON.stringify(last)]));
  for (let from = 0; from < flood.length; from += 4_000) {
    const part = flood.slice(from, from + 4_000);
    sut.add(tenant, part);
    await written(part.at(-1));
  }
  sut.add(tenant, more);
  await written(more.at(-1));

  expect((await texts())[0]).toBe(lostAccessChanges);
  expect(await ids()).toEqual(idsOf([...flood, ...more]).slice(-10_000));
  expect(await ids(other)).toEqual(idsOf(others));
});

it('nothing is left behind when no token needs it any more', async () => {
  const gone = randomUUID();
  const longAgo = (Date.now() - 3_600_000) * 1_000;
  await server.client.zadd(changedTenantsKey, longAgo, gone);
  await server.client.zadd(key, longAgo, 'long ago');

  sut.add(tenant, many(1));

  await eventually(async () => expect(await ids()).toHaveLength(1));
  expect(await server.client.zrange(changedTenantsKey, 0, -1)).toEqual([tenant]);
  for (const kept of [key, changedTenantsKey]) {
    const lives = await server.client.pttl(kept);
    expect(lives).toBeGreaterThan(300_000);
    expect(lives).toBeLessThanOrEqual(310_001);
  }
});
