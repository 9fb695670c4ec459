import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '@parley/resilience';
import { type Log, silentLog } from '@parley/service-kit';
import { eventually, severable, testRedis, type Severable, type TestRedis } from '@parley/testing';
import { RedisConnection } from '../src/index.js';

const commandTimeoutMs = 200;

/** Real: Redis, behind an address that can be cut or hung. */
describe('RedisConnection', () => {
  let redis: TestRedis;
  let way: Severable;
  let connection: RedisConnection;
  const warn = jest.fn();
  const info = jest.fn();

  beforeAll(async () => {
    redis = await testRedis();
  });
  beforeEach(async () => {
    jest.clearAllMocks();
    way = await severable(redis.url);
    const log = Object.assign(Object.create(silentLog) as Log, { warn, info });
    const config = { REDIS_URL: way.url, REDIS_COMMAND_TIMEOUT_MS: commandTimeoutMs };
    connection = new RedisConnection(config, systemClock, log);
  });
  afterEach(async () => {
    connection.close();
    await way.close();
  });
  afterAll(() => redis.close());

  const ping = () => connection.run((client) => client.ping());
  const timed = async (work: Promise<unknown>) => {
    const startedAt = performance.now();
    await work.catch(() => undefined);
    return performance.now() - startedAt;
  };

  /** On a busy machine the first attempt may take longer than a command may. */
  const connected = async () => {
    await connection.connect();
    await eventually(() => expect(connection.available).toBe(true));
    jest.clearAllMocks();
  };

  it('works after connecting', async () => {
    await connected();
    expect(await ping()).toBe('PONG');
    await connection.check();
  });

  it('starts without Redis, and finds it when it comes', async () => {
    await way.cut();
    await connection.connect();
    expect(connection.available).toBe(false);
    await expect(ping()).rejects.toMatchObject({ name: 'RedisUnavailable' });
    await way.restore();
    await eventually(async () => expect(await ping()).toBe('PONG'));
    expect(warn).toHaveBeenCalledTimes(1);
    expect(info).toHaveBeenCalledTimes(1);
  });

  it('fails commands at once while the connection is lost, works again by itself, and logs each change once', async () => {
    await connected();
    await way.cut();
    await eventually(() => expect(connection.available).toBe(false));
    for (let attempt = 0; attempt < 20; attempt++) expect(await timed(ping())).toBeLessThan(50);
    await expect(connection.check()).rejects.toThrow();
    await eventually(() => expect(warn).toHaveBeenCalledTimes(1));
    await way.restore();
    await eventually(async () => expect(await ping()).toBe('PONG'));
    expect(warn).toHaveBeenCalledTimes(1);
    expect(info).toHaveBeenCalledTimes(1);
  });

  it('makes only the first caller wait for a Redis that hangs, and works again by itself', async () => {
    await connected();
    way.hang();
    const firstMs = await timed(ping());
    expect(firstMs).toBeGreaterThan(commandTimeoutMs - 20);
    expect(firstMs).toBeLessThan(commandTimeoutMs + 300);
    for (let attempt = 0; attempt < 20; attempt++) expect(await timed(ping())).toBeLessThan(50);
    await eventually(() => expect(warn).toHaveBeenCalledTimes(1));
    await way.restore();
    await eventually(async () => expect(await ping()).toBe('PONG'));
    expect(info).toHaveBeenCalledTimes(1);
  });

  it('replaces a connection that stays silent', async () => {
    await connected();
    way.hang();
    await timed(ping());
    await eventually(() => expect(connection.client.status).not.toBe('ready'), { timeoutMs: 8_000 });
    await way.restore();
    await eventually(async () => expect(await ping()).toBe('PONG'));
  }, 20_000);
});
