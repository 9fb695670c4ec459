import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { silentLog, type Log } from '@parley/service-kit';
import { eventually } from '@parley/testing';
import fc from 'fast-check';
import { take, type Window } from '../src/sliding-window.js';
import { commandTimeoutMs, Instances } from './instances.js';

/** Real: Redis, behind an address that can be cut or hung. */
describe('RateLimiter', () => {
  let instances: Instances;
  const [warn, info] = [jest.fn(), jest.fn()];
  const log = Object.assign(Object.create(silentLog) as Log, { warn, info });

  beforeAll(async () => {
    instances = await Instances.start();
  });
  beforeEach(() => void jest.clearAllMocks());
  afterEach(() => instances.renew());
  afterAll(() => instances.stop());

  const newLimiter = () => instances.connected(log);
  const lonelyLimiter = () => instances.unconnected(log);

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

  it('tells what a call would be told without taking it', async () => {
    const { limiter } = await newLimiter();
    const one = { key: 'k', limit: 1 };
    const look = { ...one, cost: 0 };
    for (let time = 0; time < 3; time++)
      expect(await limiter.take(look)).toMatchObject({ allowed: true, remaining: 1, retryAfterMs: 0 });
    expect(await limiter.take(one)).toMatchObject({ allowed: true });
    const refused = await limiter.take(look);
    expect(refused).toMatchObject({ allowed: false, remaining: 0, source: 'redis' });
    expect(refused.retryAfterMs).toBeGreaterThan(59_000);
  });

  it.each(['redis', 'local'] as const)(
    'charges more than there is, which later calls wait for, counted by %s',
    async (source) => {
      const { limiter, connection } = await newLimiter();
      if (source === 'local') await instances.way.cut();
      await eventually(() => expect(connection.available).toBe(source === 'redis'));
      await Promise.all([limiter.charge(['k'], 900), limiter.charge(['k'], 900)]);

      expect(await limiter.take({ key: 'k', limit: 1_801, cost: 0 })).toMatchObject({
        allowed: true,
        remaining: 1,
        source,
      });
      const refused = await limiter.take({ key: 'k', limit: 1_000, cost: 0 });
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

  it('lets 100 calls at two instances through as far as the tightest of their windows, and takes exactly those from each', async () => {
    const [one, other] = [await newLimiter(), await newLimiter()];
    const windows = [
      { key: '{acme}:key', limit: 70 },
      { key: '{acme}:ada', limit: 60 },
      { key: '{acme}', limit: 80 },
      { key: '{acme}:tokens', limit: 5, cost: 0 },
    ];
    const calls = Array.from({ length: 50 }, () =>
      [one, other].map(({ limiter }) => limiter.enter({ windows, streams: [] })),
    );
    const entered = await Promise.all(calls.flat());

    expect(entered.filter(({ allowed }) => allowed)).toHaveLength(60);
    const left = await one.limiter.enter({ windows, streams: [] });
    expect(left.decisions.map(({ allowed, remaining }) => [allowed, remaining])).toEqual([
      [true, 10],
      [false, 0],
      [true, 20],
      [true, 5],
    ]);
  });

  it.each(['redis', 'local'] as const)(
    'refuses a call by one window without taking from the others, counted by %s',
    async (source) => {
      const { limiter, connection } = await newLimiter();
      if (source === 'local') await instances.way.cut();
      await eventually(() => expect(connection.available).toBe(source === 'redis'));
      const windows = [
        { key: 'many', limit: 10 },
        { key: 'few', limit: 1 },
      ];
      const enter = async () => (await limiter.enter({ windows, streams: [] })).allowed;

      expect([await enter(), await enter(), await enter()]).toEqual([true, false, false]);
      expect(await limiter.take({ key: 'many', limit: 10 })).toMatchObject({ remaining: 8, source });
    },
  );

  it('asks Redis once for all windows of a call', async () => {
    const { limiter, connection } = await newLimiter();
    const run = jest.spyOn(connection, 'run');
    const windows = ['a', 'b', 'c'].map((key) => ({ key, limit: 10 }));
    await limiter.enter({ windows, streams: [{ key: 'd', limit: 1 }] });
    expect(run).toHaveBeenCalledTimes(1);
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
    expect(await instances.redis.client.keys('*')).toEqual(['parley:limit:k']);
    await eventually(async () => expect(await instances.redis.client.keys('*')).toEqual([]));
  });

  it('decides in Redis as it does in the process', async () => {
    const { limiter } = await newLimiter();
    const plan = fc.array(
      fc.record({ pauseMs: fc.integer({ min: 0, max: 30 }), cost: fc.integer({ min: 1, max: 4 }) }),
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
          const [startedAt = 0] =
            (await instances.redis.client.get(`parley:limit:${key}`))?.split(' ').map(Number) ?? [];
          const rule = { limit: 10, windowMs: 150, cost, needs: cost };
          const outcome = take([{ kept: window, rule }], startedAt + 150 - resetMs);
          [window] = outcome.windows;
          expect([allowed, startedAt]).toEqual([outcome.taken.allowed, window?.startedAt]);
          expect(remaining).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 10 },
    );
  }, 30_000);

  it('counts alone while Redis is gone, fails no call, and shares again after its return, saying so once each way', async () => {
    const { limiter, connection } = await newLimiter();
    await limiter.take({ key: 'k', limit: 100 });
    await instances.way.cut();
    const decisions = await Promise.all(Array.from({ length: 120 }, () => limiter.take({ key: 'k', limit: 100 })));
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(100);
    expect(decisions.every(({ source }) => source === 'local')).toBe(true);
    await eventually(() => expect(connection.available).toBe(false));
    await instances.way.restore();
    await eventually(() => expect(connection.available).toBe(true));
    expect(await limiter.take({ key: 'k', limit: 100 })).toMatchObject({ source: 'redis', remaining: 98 });
    expect(warn).toHaveBeenCalledTimes(1);
    expect(info).toHaveBeenCalledTimes(1);
  });

  it('makes nobody wait for a Redis that hangs, except those who called when it began', async () => {
    const { limiter, connection } = await newLimiter();
    await limiter.take({ key: 'k', limit: 100 });
    instances.way.hang();
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
    await instances.way.restore();
    await eventually(() => expect(connection.available).toBe(true));
    expect((await timed()).source).toBe('redis');
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it('works on after Redis has forgotten its scripts', async () => {
    const { limiter } = await newLimiter();
    await limiter.take({ key: 'k', limit: 100 });
    await instances.redis.client.script('FLUSH');
    expect(await limiter.take({ key: 'k', limit: 100 })).toMatchObject({ source: 'redis', remaining: 98 });
  });

  it('starts without Redis, counting alone', async () => {
    await instances.way.cut();
    const { limiter } = await lonelyLimiter();
    expect(await limiter.take({ key: 'k', limit: 1 })).toMatchObject({ allowed: true, source: 'local' });
    expect(await limiter.take({ key: 'k', limit: 1 })).toMatchObject({ allowed: false, source: 'local' });
  });
});
