/** Real: Redis, by a way that can be cut. Fake: nothing. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { RedisConnection } from '@parley/cache';
import { accessChangesKey, changedTenantsKey, lostAccessChanges, type AccessChange } from '@parley/contracts';
import { Metrics, Shutdown, silentLog, systemClock } from '@parley/service-kit';
import { eventually, severable, testRedis, type Severable, type TestRedis } from '@parley/testing';
import { AccessChangeFeed } from '../src/access-changes/access-change-feed.js';
import { AccessChangeLog } from '../src/access-changes/access-change-log.js';

let server: TestRedis;
let way: Severable;
let redis: RedisConnection;
let shutdown: Shutdown;
let log: AccessChangeLog;
let sut: AccessChangeFeed;

beforeEach(async () => {
  server = await testRedis();
  way = await severable(server.url);
  redis = new RedisConnection({ REDIS_URL: way.url, REDIS_COMMAND_TIMEOUT_MS: 250 }, systemClock, silentLog);
  shutdown = new Shutdown(systemClock, silentLog);
  log = new AccessChangeLog(systemClock, silentLog, new Metrics());
  sut = new AccessChangeFeed(redis, log, systemClock, silentLog, shutdown);
});
afterEach(async () => {
  await shutdown.run({ announceMs: 0, intakeMs: 0 });
  redis.close();
  await Promise.all([way.close(), server.close()]);
});

const tenant = randomUUID();
const revoked = (): AccessChange => ({
  kind: 'api_key_revoked',
  ...{ id: randomUUID(), until: new Date(Date.now() + 60_000).toISOString() },
});
/** Adds them one after the other, the first with this score. */
const store = (score: number, ...changes: AccessChange[]) =>
  storeOf(tenant, score, ...changes.map((change) => JSON.stringify(change)));
async function storeOf(tenantId: string, score: number, ...texts: string[]): Promise<void> {
  await server.client.zadd(accessChangesKey(tenantId), ...texts.flatMap((text, place) => [score + place, text]));
  await server.client.zadd(changedTenantsKey, score + texts.length - 1, tenantId);
}
const knows = ({ id }: AccessChange): boolean => log.changedSince(0, tenant, [id]);
const hears = (change: AccessChange) => eventually(() => expect(knows(change)).toBe(true), { timeoutMs: 2_000 });

it('all that is there is known before the service takes its first request, more than one reading brings too', async () => {
  const changes = Array.from({ length: 1_200 }, revoked);
  await store(1, ...changes);
  await redis.connect();

  await sut.onApplicationBootstrap();

  expect(changes.filter(knows)).toHaveLength(1_200);
});

it('what comes later is known within 2 s, and what was read is not read again', async () => {
  await store(1, revoked());
  await redis.connect();
  await sut.onApplicationBootstrap();
  const [unread, read] = [revoked(), revoked()];

  await store(0, unread);
  await store(2, read);

  await hears(read);
  expect(knows(unread)).toBe(false);
});

it('an entry that nobody can read, as of a newer release, is not in the way of the others', async () => {
  const change = revoked();
  await storeOf(tenant, 1, 'no JSON', JSON.stringify({ kind: 'new' }));
  await store(3, change);
  await redis.connect();

  await sut.onApplicationBootstrap();

  expect(knows(change)).toBe(true);
});

it('without Redis the service starts, and hears of everything within 2 s of its return', async () => {
  const change = revoked();
  await store(1, change);
  await way.cut();
  await redis.connect();
  await sut.onApplicationBootstrap();
  expect(knows(change)).toBe(false);

  await way.restore();
  await eventually(() => expect(redis.available).toBe(true));

  await hears(change);
});

it('after an outage all is read anew, for a Redis that lost its data begins at lower scores again', async () => {
  await store(1_000, revoked());
  await redis.connect();
  await sut.onApplicationBootstrap();
  await way.cut();
  await eventually(() => expect(redis.available).toBe(false));
  await server.client.flushdb();
  const change = revoked();
  await store(1, change);

  await way.restore();
  await eventually(() => expect(redis.available).toBe(true));

  await hears(change);
});

it('changes of many tenants are known, also of one that comes later in the index than others’ changes', async () => {
  const others = Array.from({ length: 50 }, () => ({ tenantId: randomUUID(), change: revoked() }));
  const [early, late] = [revoked(), revoked()];
  await store(1, early);
  for (const [place, { tenantId, change }] of others.entries())
    await storeOf(tenantId, 2 + place, JSON.stringify(change));
  await store(100, late);
  await redis.connect();

  await sut.onApplicationBootstrap();

  expect([early, late].map(knows)).toEqual([true, true]);
  const missing = others.filter(({ tenantId, change }) => !log.changedSince(0, tenantId, [change.id]));
  expect(missing).toEqual([]);
});

const judge = (tenantId: string, issuedAt: number) =>
  log.judge({
    ...{ tenantId, issuedAt, subject: randomUUID(), actors: [], revocable: [] },
    ...{ permissions: new Set(), inherits: false },
  });

it('a tenant of whose changes some were lost has its older tokens refused by who has not read them, and no other', async () => {
  const lostAt = Date.now() - 30_000;
  await storeOf(tenant, lostAt * 1_000, lostAccessChanges, JSON.stringify(revoked()));
  await redis.connect();

  await sut.onApplicationBootstrap();

  expect(judge(tenant, lostAt)).toBeUndefined();
  expect(judge(tenant, lostAt + 6_000)).toBeDefined();
  expect(judge(randomUUID(), lostAt)).toBeDefined();
});

it('what is lost after it was read has nobody’s tokens refused', async () => {
  const [dropped, next] = [revoked(), revoked()];
  await store(1, revoked(), dropped);
  await redis.connect();
  await sut.onApplicationBootstrap();

  await server.client.zadd(accessChangesKey(tenant), 2, lostAccessChanges);
  await store(3, next);

  await hears(next);
  expect(judge(tenant, 0)).toBeDefined();
});
