import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '@parley/resilience';
import { Metrics, silentLog } from '@parley/service-kit';
import { eventually, severable, testRedis, type Severable, type TestRedis } from '@parley/testing';
import { RedisConnection, TieredCache, type TieredCacheOptions } from '../src/index.js';

/** Real: Redis, behind an address that can be cut. Each cache stands for a process of its own. */
describe('TieredCache', () => {
  let redis: TestRedis;
  let way: Severable;
  let connection: RedisConnection;

  beforeAll(async () => {
    redis = await testRedis();
  });
  beforeEach(async () => {
    await redis.client.flushdb();
    way = await severable(redis.url);
    connection = new RedisConnection({ REDIS_URL: way.url, REDIS_COMMAND_TIMEOUT_MS: 200 }, systemClock, silentLog);
    await connection.connect();
    await eventually(() => expect(connection.available).toBe(true));
  });
  afterEach(async () => {
    connection.close();
    await way.close();
  });
  afterAll(() => redis.close());

  const newCache = (options: Partial<TieredCacheOptions<string | null>> = {}) =>
    new TieredCache<string | null>({ name: 'test', maxEntries: 10, ttlMs: 60_000, redis: connection, ...options });
  const kept = () => redis.client.keys('parley:cache:test:*');

  it('gives a second process what the first one loaded', async () => {
    await newCache().getOrLoad('a', async () => '1');
    await eventually(async () => expect(await kept()).toEqual(['parley:cache:test:a']));
    const load = jest.fn(async () => '2');
    expect(await newCache().getOrLoad('a', load)).toBe('1');
    expect(load).not.toHaveBeenCalled();
  });

  it('does not lengthen the life of an entry by the way through Redis', async () => {
    const ttlMs = 300;
    const loadedAt = performance.now();
    await newCache({ ttlMs }).getOrLoad('a', async () => '1');
    await eventually(async () => expect(await kept()).toHaveLength(1));
    const second = newCache({ ttlMs });
    await second.getOrLoad('a', async () => '2');
    const reloaded = await eventually(async () => {
      const value = await second.getOrLoad('a', async () => '3');
      expect(value).toBe('3');
      return performance.now();
    });
    expect(reloaded - loadedAt).toBeLessThan(2 * ttlMs - 50);
  });

  it('keeps a null, and keeps out what its time to live says', async () => {
    const ttlMs = (value: string | null) => (value === null ? 60_000 : 0);
    const first = newCache({ ttlMs });
    await first.getOrLoad('absent', async () => null);
    await first.getOrLoad('a', async () => '1');
    await eventually(async () => expect(await kept()).toEqual(['parley:cache:test:absent']));
    const load = jest.fn(async () => '2');
    expect(await newCache({ ttlMs }).getOrLoad('absent', load)).toBeNull();
    expect(load).not.toHaveBeenCalled();
  });

  it('takes a value that it cannot read for a miss', async () => {
    await redis.client.set('parley:cache:test:a', 'from another version');
    expect(await newCache().getOrLoad('a', async () => '1')).toBe('1');
  });

  it('deletes here and in Redis', async () => {
    const cache = newCache();
    await cache.getOrLoad('a', async () => '1');
    await eventually(async () => expect(await kept()).toHaveLength(1));
    await cache.delete('a');
    expect(await kept()).toEqual([]);
    expect(await cache.getOrLoad('a', async () => '2')).toBe('2');
  });

  it('keeps nowhere what began to load before a deletion', async () => {
    const cache = newCache();
    const old = Promise.withResolvers<string>();
    const load = jest.fn(() => old.promise);
    const loading = cache.getOrLoad('a', load);
    await eventually(() => expect(load).toHaveBeenCalled());
    await cache.delete('a');
    old.resolve('old');
    await loading;
    await cache.getOrLoad('b', async () => '1');
    await eventually(async () => expect(await kept()).toEqual(['parley:cache:test:b']));
    expect(await cache.getOrLoad('a', async () => 'new')).toBe('new');
  });

  it('counts an answer from Redis as a hit', async () => {
    const metrics = new Metrics();
    await newCache().getOrLoad('a', async () => '1');
    await eventually(async () => expect(await kept()).toHaveLength(1));
    const cache = newCache({ metrics });
    await cache.getOrLoad('a', async () => '2');
    await cache.getOrLoad('b', async () => '2');
    expect(await metrics.expose()).toContain('cache_hit_ratio{cache="test"} 0.5');
  });

  it('loads, and fails nobody, while Redis is gone, and shares again after its return', async () => {
    const cache = newCache();
    await way.cut();
    await eventually(() => expect(connection.available).toBe(false));
    expect(await cache.getOrLoad('a', async () => '1')).toBe('1');
    await cache.delete('a');
    await way.restore();
    await eventually(() => expect(connection.available).toBe(true));
    await cache.getOrLoad('b', async () => '1');
    await eventually(async () => expect(await kept()).toEqual(['parley:cache:test:b']));
  });
});
