/** Real: Redis, by a way that can be cut. Fake: nothing. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { RedisConnection } from '@parley/cache';
import { accessChangesKey, storedAccessChange, type AccessChange } from '@parley/contracts';
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
const ids = async () =>
  (await server.client.zrange(accessChangesKey, 0, -1)).map(
    (text) => storedAccessChange.parse(JSON.parse(text)).change.id,
  );
const scores = async () =>
  (await server.client.zrange(accessChangesKey, 0, -1, 'WITHSCORES')).filter((_, place) => place % 2 === 1).map(Number);
const idsOf = (changes: readonly AccessChange[]) => changes.map(({ id }) => id);

it('scores rise with each change, also above that of a clock which was ahead', async () => {
  const ahead = Date.now() + 3_600_000;
  await server.client.zadd(accessChangesKey, ahead, 'of a clock that was ahead');

  sut.add(tenant, many(600));
  sut.add(tenant, many(1));

  await eventually(async () => expect(await scores()).toHaveLength(602));
  expect(await scores()).toEqual(Array.from({ length: 602 }, (_, place) => ahead + place));
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

it('10,000 changes wait at the most: the oldest are dropped', async () => {
  const [dropped, kept] = [many(5), many(10_000)];
  await way.cut();
  await eventually(() => expect(redis.available).toBe(false));
  sut.add(tenant, [...dropped, ...kept]);
  await way.restore();
  await eventually(() => expect(redis.available).toBe(true));

  const more = many(1);
  sut.add(tenant, more);

  await eventually(async () => expect((await ids()).at(-1)).toBe(more[0]?.id));
  const left = await ids();
  expect([left.length, left[0]]).toEqual([10_000, kept[1]?.id]);
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

it('Redis keeps the newest 100,000', async () => {
  const fill = `for n = 1, 100000 do redis.call('ZADD', KEYS[1], ARGV[1] + n, n) end`;
  await server.client.eval(fill, 1, accessChangesKey, Date.now());

  sut.add(tenant, many(2));

  await eventually(async () => expect(await server.client.zrange(accessChangesKey, 0, 0)).toEqual(['3']));
  expect(await server.client.zcard(accessChangesKey)).toBe(100_000);
});
