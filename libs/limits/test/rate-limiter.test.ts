import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { RedisConnection } from '@parley/cache';
import { systemClock } from '@parley/resilience';
import { type Log, silentLog } from '@parley/service-kit';
import { eventually, severable, testRedis, type Severable, type TestRedis } from '@parley/testing';
import fc from 'fast-check';
import { RateLimiter } from '../src/index.js';
import { take, type Window } from '../src/sliding-window.js';

const commandTimeoutMs = 200;

/** Real: Redis, behind an address that can be cut or hung. Each limiter has its own connection, as an instance has. */
describe('RateLimiter', () => {
  let redis: TestRedis;
  let way: Severable;
  const open: RedisConnection[] = [];
  const [warn, info] = [jest.fn(), jest.fn()];
  const log = Object.assign(Object.create(silentLog) as Log, { warn, info });

  beforeAll(async () => {
    redis = await testRedis();
  });
  beforeEach(async () => {
    jest.clearAllMocks();
    await redis.client.flushdb();
    way = await severable(redis.url);
  });
  afterEach(async () => {
    for (const connection of open.splice(0)) connection.close();
    await way.close();
  });
  afterAll(() => redis.close());

  async function newLimiter() {
    const { limiter, connection } = await lonelyLimiter();
    await eventually(() => expect(connection.available).toBe(true));
    return { limiter, connection };
  }

  /** It may not have found Redis yet. */
  async function lonelyLimiter() {
    const config = { REDIS_URL: way.url, REDIS_COMMAND_TIMEOUT_MS: commandTimeoutMs };
    const connection = new RedisConnection(config, systemClock, silentLog);
    open.push(connection);
    await connection.connect();
    return { limiter: new RateLimiter(connection, systemClock, log), connection };
  }

  it('allows 100 calls of a fresh minute and refuses the 101st', async () => {
    const { limiter } = await newLimiter();
    for (let call = 1; call <= 100; call++) {
      const decision = await limiter.take({ key: 'k', limit: 100 });
      expect(decision).toMatchObject({ allowed: true, remaining: 100 - call, limit: 100, source: 'redis' });
    }
    const refused = await limiter.take({ key: 'k', limit: 100 });
    expect(refused).toMatchObject({ allowed: false, remaining: 0 });
    expect(refused.retryAfterMs).toBeGreaterThan(0);
    expect(refused.retryAfterMs).toBeLessThanOrEqual(60_600);
    expect(await limiter.take({ key: 'other', limit: 100 })).toMatchObject({ allowed: true });
  });

  it('allows exactly the limit to instances that take at the same time', async () => {
    const limiters = await Promise.all([newLimiter(), newLimiter(), newLimiter()]);
    const calls = limiters.flatMap(({ limiter }) =>
      Array.from({ length: 200 }, () => limiter.take({ key: 'k', limit: 250 })),
    );
    const decisions = await Promise.all(calls);
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(250);
    expect(new Set(decisions.map(({ source }) => source))).toEqual(new Set(['redis']));
  });

  it('gives back what did not count, and never more than was taken', async () => {
    const { limiter } = await newLimiter();
    const two = { key: 'k', limit: 2 };
    await limiter.take(two);
    await limiter.giveBack(two);
    await limiter.giveBack(two);
    expect(await limiter.take(two)).toMatchObject({ allowed: true, remaining: 1 });
    expect(await limiter.take(two)).toMatchObject({ allowed: true, remaining: 0 });
    expect(await limiter.take(two)).toMatchObject({ allowed: false });
  });

  it('tells what a call would be told without taking it', async () => {
    const { limiter } = await newLimiter();
    const one = { key: 'k', limit: 1 };
    for (let look = 0; look < 3; look++)
      expect(await limiter.look(one)).toMatchObject({ allowed: true, remaining: 1, retryAfterMs: 0 });
    expect(await limiter.take(one)).toMatchObject({ allowed: true });
    const refused = await limiter.look(one);
    expect(refused).toMatchObject({ allowed: false, remaining: 0, source: 'redis' });
    expect(refused.retryAfterMs).toBeGreaterThan(59_000);
  });

  it.each(['redis', 'local'] as const)(
    'charges more than there is, which later calls wait for, counted by %s',
    async (source) => {
      const { limiter, connection } = await newLimiter();
      if (source === 'local') await way.cut();
      await eventually(() => expect(connection.available).toBe(source === 'redis'));
      await Promise.all([limiter.charge({ key: 'k', cost: 900 }), limiter.charge({ key: 'k', cost: 900 })]);

      expect(await limiter.look({ key: 'k', limit: 1_801 })).toMatchObject({ allowed: true, remaining: 1, source });
      const refused = await limiter.look({ key: 'k', limit: 1_000 });
      expect(refused).toMatchObject({ allowed: false, remaining: 0, limit: 1_000, source });
      // 1,800 weigh less than 1,000 once 4/9 of the next minute have passed.
      expect(refused.retryAfterMs).toBeGreaterThan(80_000);
      expect(refused.retryAfterMs).toBeLessThan(87_000);
    },
  );

  it('tells calls of the same moment apart: what is left to each, and which of them are too many', async () => {
    const { limiter } = await newLimiter();
    const takes = Array.from({ length: 6 }, () => limiter.take({ key: 'k', limit: 9, cost: 2 }));
    const single = limiter.take({ key: 'k', limit: 9 });
    const decisions = await Promise.all(takes);

    expect(decisions.map(({ allowed }) => allowed)).toEqual([true, true, true, true, false, false]);
    expect(decisions.map(({ remaining }) => remaining)).toEqual([7, 5, 3, 1, 1, 1]);
    expect(await single).toMatchObject({ allowed: true, remaining: 0 });
  });

  it('allows calls again as the window moves on', async () => {
    const { limiter } = await newLimiter();
    const short = { key: 'k', limit: 5, windowMs: 400 };
    for (let call = 0; call < 5; call++) await limiter.take(short);
    const { allowed, retryAfterMs } = await limiter.take(short);
    expect(allowed).toBe(false);
    const startedAt = performance.now();
    await eventually(async () => expect((await limiter.take(short)).allowed).toBe(true));
    expect(performance.now() - startedAt).toBeGreaterThan(retryAfterMs - 20);
  });

  it('leaves nothing behind when a window can no longer count', async () => {
    const { limiter } = await newLimiter();
    await limiter.take({ key: 'k', limit: 5, windowMs: 100 });
    expect(await redis.client.keys('*')).toEqual(['parley:limit:k']);
    await eventually(async () => expect(await redis.client.keys('*')).toEqual([]));
  });

  it('decides in Redis as it does in the process', async () => {
    const { limiter } = await newLimiter();
    const plan = fc.array(
      fc.record({ pauseMs: fc.integer({ min: 0, max: 30 }), cost: fc.integer({ min: -2, max: 4 }) }),
      {
        minLength: 10,
        maxLength: 20,
      },
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(plan, async (steps) => {
        const key = `equal-${run++}`;
        let window: Window | undefined;
        for (const { pauseMs, cost } of steps) {
          await new Promise((resolve) => setTimeout(resolve, pauseMs));
          const { allowed, remaining, resetMs } = await limiter.take({ key, limit: 10, windowMs: 150, cost });
          // The server's time of the call follows from what it says of the window.
          const [startedAt = 0] = (await redis.client.get(`parley:limit:${key}`))?.split(' ').map(Number) ?? [];
          const outcome = take(window, startedAt + 150 - resetMs, { limit: 10, windowMs: 150, cost });
          window = outcome.window;
          expect([allowed, startedAt]).toEqual([outcome.taken.allowed, window.startedAt]);
          expect(remaining).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 10 },
    );
  }, 30_000);

  it('counts alone while Redis is gone, fails no call, and shares again after its return, saying so once each way', async () => {
    const { limiter, connection } = await newLimiter();
    await limiter.take({ key: 'k', limit: 100 });
    await way.cut();
    const decisions = await Promise.all(Array.from({ length: 120 }, () => limiter.take({ key: 'k', limit: 100 })));
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(100);
    expect(decisions.every(({ source }) => source === 'local')).toBe(true);
    await eventually(() => expect(connection.available).toBe(false));
    await way.restore();
    await eventually(() => expect(connection.available).toBe(true));
    expect(await limiter.take({ key: 'k', limit: 100 })).toMatchObject({ source: 'redis', remaining: 98 });
    expect(warn).toHaveBeenCalledTimes(1);
    expect(info).toHaveBeenCalledTimes(1);
  });

  it('makes nobody wait for a Redis that hangs, except those who called when it began', async () => {
    const { limiter, connection } = await newLimiter();
    await limiter.take({ key: 'k', limit: 100 });
    way.hang();
    const timed = async () => {
      const startedAt = performance.now();
      const { source } = await limiter.take({ key: 'k', limit: 100 });
      return { source, ms: performance.now() - startedAt };
    };
    const first = await Promise.all([timed(), timed()]);
    for (const { source, ms } of first) {
      expect(source).toBe('local');
      expect(ms).toBeLessThan(commandTimeoutMs + 300);
    }
    for (let call = 0; call < 20; call++) expect((await timed()).ms).toBeLessThan(50);
    await way.restore();
    await eventually(() => expect(connection.available).toBe(true));
    expect((await timed()).source).toBe('redis');
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it('works on after Redis has forgotten its scripts', async () => {
    const { limiter } = await newLimiter();
    await limiter.take({ key: 'k', limit: 100 });
    await redis.client.script('FLUSH');
    expect(await limiter.take({ key: 'k', limit: 100 })).toMatchObject({ source: 'redis', remaining: 98 });
  });

  it('starts without Redis, counting alone', async () => {
    await way.cut();
    const { limiter } = await lonelyLimiter();
    expect(await limiter.take({ key: 'k', limit: 1 })).toMatchObject({ allowed: true, source: 'local' });
    expect(await limiter.take({ key: 'k', limit: 1 })).toMatchObject({ allowed: false, source: 'local' });
  });
});
