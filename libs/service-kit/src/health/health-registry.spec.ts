import { describe, expect, it, jest } from '@jest/globals';
import { ManualClock } from '@parley/resilience/testing';
import { HealthRegistry } from './health-registry.js';

function newHealth() {
  const clock = new ManualClock();
  const sut = new HealthRegistry(clock);
  sut.phase = 'serving';
  /** Looks as often as a load balancer does, for a while. */
  const watchedFor = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 2_000) {
      await sut.report();
      await clock.advance(2_000);
    }
    return sut.report();
  };
  return { sut, clock, watchedFor };
}
const works = () => Promise.resolve();
const fails = () => Promise.reject(new Error('connect to 10.0.0.7 refused'));

describe('health', () => {
  it('is ok while every part works', async () => {
    const { sut } = newHealth();
    sut.register({ name: 'database', critical: true, check: works });
    expect(await sut.report()).toEqual({ status: 'ok', parts: { database: { status: 'ok' } } });
  });

  it('is degraded, and never down, without a part that is not critical', async () => {
    const { sut, watchedFor } = newHealth();
    sut.register({ name: 'redis', check: fails });
    expect(await watchedFor(60_000)).toMatchObject({ status: 'degraded', parts: { redis: { status: 'down' } } });
  });

  it('is down once a critical part has been gone for 10 s, and up as soon as it is back', async () => {
    const { sut, clock, watchedFor } = newHealth();
    const check = jest.fn<() => Promise<void>>(fails);
    sut.register({ name: 'database', critical: true, check });
    expect((await watchedFor(8_000)).status).toBe('degraded');
    await clock.advance(2_000);
    expect((await sut.report()).status).toBe('down');
    check.mockImplementation(works);
    await clock.advance(1_000);
    expect((await sut.report()).status).toBe('ok');
    check.mockImplementation(fails);
    await clock.advance(1_000);
    expect((await sut.report()).status).toBe('degraded');
  });

  it.each(['starting', 'draining'] as const)('is down while %s, whatever its parts say', async (phase) => {
    const { sut } = newHealth();
    sut.phase = phase;
    expect((await sut.report()).status).toBe('down');
  });

  it('checks a part once a second, however often it is asked', async () => {
    const { sut, clock } = newHealth();
    const check = jest.fn(works);
    sut.register({ name: 'redis', check });
    await Promise.all([sut.report(), sut.report()]);
    await clock.advance(999);
    await sut.report();
    expect(check).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    await sut.report();
    expect(check).toHaveBeenCalledTimes(2);
  });

  it('takes a part that does not answer in 2 s for down, and tells it to stop', async () => {
    const { sut, clock } = newHealth();
    let signal: AbortSignal | undefined;
    sut.register({ name: 'rabbitmq', check: (given) => ((signal = given), new Promise(() => undefined)) });
    const report = sut.report();
    await clock.advance(2_000);
    expect((await report).parts).toEqual({ rabbitmq: { status: 'down', reason: 'no answer in time' } });
    expect(signal?.aborted).toBe(true);
  });

  it('gives a reason that names no address', async () => {
    const { sut } = newHealth();
    sut.register({ name: 'redis', check: fails });
    sut.register({
      name: 'database',
      check: () => Promise.reject(Object.assign(new Error(), { code: 'ECONNREFUSED' })),
    });
    expect((await sut.report()).parts).toEqual({
      redis: { status: 'down', reason: 'the check failed' },
      database: { status: 'down', reason: 'ECONNREFUSED' },
    });
  });
});
