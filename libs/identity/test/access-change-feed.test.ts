/** Real: Redis, by a way that can be cut. Fake: nothing. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { RedisConnection } from '@parley/cache';
import { accessChangesKey, type AccessChange, type StoredAccessChange } from '@parley/contracts';
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
async function store(score: number, ...changes: AccessChange[]): Promise<void> {
  const entries = changes.flatMap((change, place) => {
    const entry: StoredAccessChange = { tenant_id: tenant, change };
    return [score + place, JSON.stringify(entry)];
  });
  await server.client.zadd(accessChangesKey, ...entries);
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
  await server.client.zadd(
    accessChangesKey,
    1,
    'no JSON',
    2,
    JSON.stringify({ tenant_id: tenant, change: { kind: 'new' } }),
  );
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
  await server.client.del(accessChangesKey);
  const change = revoked();
  await store(1, change);

  await way.restore();
  await eventually(() => expect(redis.available).toBe(true));

  await hears(change);
});
