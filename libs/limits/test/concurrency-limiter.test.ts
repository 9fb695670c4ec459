import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RedisConnection } from '@parley/cache';
import { systemClock } from '@parley/resilience';
import { ManualClock } from '@parley/resilience/testing';
import { Shutdown, silentLog } from '@parley/service-kit';
import { eventually, severable, testRedis, type Severable, type TestRedis } from '@parley/testing';
import { ConcurrencyLimiter, type Place } from '../src/index.js';
import { RedisPlaces } from '../src/redis-places.js';

/** Real: Redis, behind an address that can be cut. Each limiter has its own connection, as an instance has. */
let redis: TestRedis;
let way: Severable;
const open: RedisConnection[] = [];

beforeAll(async () => {
  redis = await testRedis();
});
beforeEach(async () => {
  await redis.client.flushdb();
  way = await severable(redis.url);
});
afterEach(async () => {
  for (const connection of open.splice(0)) connection.close();
  await way.close();
});
afterAll(() => redis.close());

async function connect(): Promise<RedisConnection> {
  const config = { REDIS_URL: way.url, REDIS_COMMAND_TIMEOUT_MS: 200 };
  const connection = new RedisConnection(config, systemClock, silentLog);
  open.push(connection);
  await connection.connect();
  await eventually(() => expect(connection.available).toBe(true));
  return connection;
}

/** An instance; its clock stands still, so that it renews its places when a test says so. */
async function newLimiter() {
  const connection = await connect();
  const clock = new ManualClock();
  const limiter = new ConcurrencyLimiter(connection, clock, silentLog, new Shutdown(clock, silentLog));
  limiter.onApplicationBootstrap();
  return { limiter, connection, renew: () => clock.advance(10_000) };
}

const count = (places: readonly (Place | undefined)[]): number => places.filter((place) => place !== undefined).length;
const two = { key: 'k', limit: 2 };

describe('ConcurrencyLimiter', () => {
  it('lets in exactly the limit, at however many instances they come at the same time', async () => {
    const limiters = await Promise.all([newLimiter(), newLimiter(), newLimiter()]);
    const entering = limiters.flatMap(({ limiter }) =>
      Array.from({ length: 20 }, () => limiter.enter({ key: 'k', limit: 25 })),
    );
    expect(count(await Promise.all(entering))).toBe(25);
    expect(await limiters[0].limiter.enter({ key: 'other', limit: 1 })).toBeDefined();
  });

  it('gives a place that was left to the next, at whichever instance, and one alone however often it is left', async () => {
    const [one, other] = [await newLimiter(), await newLimiter()];
    const place = await one.limiter.enter(two);
    await one.limiter.enter(two);
    expect(await other.limiter.enter(two)).toBeUndefined();

    place?.leave();
    place?.leave();

    await eventually(async () => expect(await other.limiter.enter(two)).toBeDefined());
    expect(await one.limiter.enter(two)).toBeUndefined();
  });

  it('asks nobody when all places are its own', async () => {
    const { limiter } = await newLimiter();
    await Promise.all([limiter.enter(two), limiter.enter(two)]);
    await redis.client.flushdb();

    expect(await limiter.enter(two)).toBeUndefined();
  });

  it('takes its places again from a Redis that has lost them', async () => {
    const [one, other] = [await newLimiter(), await newLimiter()];
    await Promise.all([one.limiter.enter(two), one.limiter.enter(two)]);
    await redis.client.flushdb();

    await one.renew();

    await eventually(async () => expect(await redis.client.zcard('parley:places:k')).toBe(2));
    expect(await other.limiter.enter(two)).toBeUndefined();
  });

  it('lets in as many by itself while Redis is away, those from before among them, and shares them after it', async () => {
    const [one, other] = [await newLimiter(), await newLimiter()];
    await one.limiter.enter(two);
    await way.cut();

    expect(count([await one.limiter.enter(two), await one.limiter.enter(two)])).toBe(1);

    await way.restore();
    await eventually(() => expect([one, other].every(({ connection }) => connection.available)).toBe(true));
    await one.renew();
    await eventually(async () => expect(await redis.client.zcard('parley:places:k')).toBe(2));
    expect(await other.limiter.enter(two)).toBeUndefined();
  });
});

describe('the places in Redis', () => {
  const leaseMs = 300;

  it('of a process that was killed are free after the lease, those of one that lives are not', async () => {
    const places = new RedisPlaces(await connect(), leaseMs);
    await places.enter('killed', 1, 'its place');
    await places.enter('alive', 1, 'its place');
    expect(await places.enter('killed', 1, 'another')).toBe(false);

    await eventually(async () => {
      await places.renew('alive', ['its place']);
      expect(await places.enter('killed', 1, 'another')).toBe(true);
    });

    expect(await places.enter('alive', 1, 'another')).toBe(false);
  });

  it('leave nothing behind', async () => {
    const places = new RedisPlaces(await connect(), leaseMs);
    await places.enter('k', 5, 'its place');
    expect(await redis.client.keys('*')).toEqual(['parley:places:k']);

    await eventually(async () => expect(await redis.client.keys('*')).toEqual([]));
  });
});
