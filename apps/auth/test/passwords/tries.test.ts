/** Real: Redis, and its clock. Fake: nothing. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RedisConnection } from '@parley/cache';
import { systemClock } from '@parley/resilience';
import { silentLog } from '@parley/service-kit';
import { eventually, testRedis, type TestRedis } from '@parley/testing';
import { LocalTries } from '../../src/passwords/local-tries.js';
import type { Tries } from '../../src/passwords/lockout.js';
import { RedisTries } from '../../src/passwords/redis-tries.js';
import type { Counted, TriesStore } from '../../src/passwords/tries.js';

let redis: TestRedis;
let connection: RedisConnection;

beforeAll(async () => {
  redis = await testRedis();
  connection = new RedisConnection({ REDIS_URL: redis.url, REDIS_COMMAND_TIMEOUT_MS: 1_000 }, systemClock, silentLog);
  await connection.connect();
  await eventually(() => expect(connection.available).toBe(true));
});
beforeEach(() => redis.client.flushdb());
afterAll(async () => {
  connection.close();
  await redis.close();
});

const maxDelayMs = 600_000;
const account: Counted = { key: 'account', delayedFrom: 3, maxDelayMs };
const address: Counted = { key: 'address', delayedFrom: 5, maxDelayMs };

/** Seconds from now, which are the same by both clocks. */
const fromNow = ({ forgottenAt, lockedUntil }: Tries) =>
  [forgottenAt, lockedUntil].map((at) => Math.max(0, Math.round((at - Date.now()) / 1_000)));

/** What a store answers to the same calls. */
async function story(store: TriesStore) {
  const told: unknown[] = [];
  const take = async (...counted: Counted[]): Promise<readonly Tries[]> => {
    const taken = await store.take(counted);
    told.push(taken.allowed ? taken.tries.map(fromNow) : Math.ceil(taken.retryAfterMs / 1_000));
    return taken.allowed ? taken.tries : [];
  };
  await take(account, address);
  await take(account, address);
  const [third, fromAddress] = await take(account, address);
  await take(account, address);
  if (third) await store.takeBack(account, third);
  if (fromAddress) await store.takeBack(address, fromAddress);
  await take(account, address);
  await store.forget(account.key);
  await take(account, address);
  await take(address);
  await take(account);
  return told;
}

const stores = {
  Redis: () => new RedisTries(connection),
  'one process': () => new LocalTries(systemClock),
};

describe.each(Object.entries(stores))('tries counted in %s', (_, newStore) => {
  it('are counted for all keys or for none, taken back with their delay, and forgotten', async () => {
    expect(await story(newStore())).toEqual([
      [
        [600, 0],
        [600, 0],
      ],
      [
        [1_200, 0],
        [1_200, 0],
      ],
      [
        [1_800, 1],
        [1_800, 0],
      ],
      1,
      [
        [1_800, 1],
        [1_800, 0],
      ],
      [
        [600, 0],
        [2_400, 0],
      ],
      [[3_000, 1]],
      [[1_200, 0]],
    ]);
  });

  it('leave nothing behind when all of them are taken back', async () => {
    const store = newStore();
    const taken = await store.take([account]);
    const [made] = taken.allowed ? taken.tries : [];
    if (made) await store.takeBack(account, made);

    expect(await store.take([account])).toMatchObject({ allowed: true });
    expect(await redis.client.dbsize()).toBeLessThanOrEqual(1);
  });
});

it('tries in Redis end by themselves when they are forgotten', async () => {
  await new RedisTries(connection).take([account]);

  const [key = ''] = await redis.client.keys('*');
  expect(await redis.client.pttl(key)).toBeGreaterThan(maxDelayMs - 5_000);
  expect(await redis.client.pttl(key)).toBeLessThanOrEqual(maxDelayMs);
});
