import { expect } from '@jest/globals';
import { RedisConnection } from '@parley/cache';
import { systemClock } from '@parley/resilience';
import { ManualClock } from '@parley/resilience/testing';
import { Shutdown, silentLog, type Log } from '@parley/service-kit';
import { eventually, severable, testRedis, type Severable, type TestRedis } from '@parley/testing';
import { RateLimiter } from '../src/index.js';
import { StreamLeases } from '../src/stream-leases.js';

export const commandTimeoutMs = 200;

export interface Instance {
  readonly limiter: RateLimiter;
  readonly connection: RedisConnection;
  /** Its leases' clock stands still, so that it renews them when a test says so. */
  readonly renew: () => Promise<void>;
}

/** A Redis behind an address that can be cut or hung. Each instance has its own connection, as a service has. */
export class Instances {
  private readonly open: RedisConnection[] = [];

  private constructor(
    readonly redis: TestRedis,
    private current: Severable,
  ) {}

  static async start(): Promise<Instances> {
    const redis = await testRedis();
    return new Instances(redis, await severable(redis.url));
  }

  get way(): Severable {
    return this.current;
  }

  /** As new, between two tests. */
  async renew(): Promise<void> {
    await this.closeConnections();
    await this.redis.client.flushdb();
    this.current = await severable(this.redis.url);
  }

  async stop(): Promise<void> {
    await this.closeConnections();
    await this.redis.close();
  }

  async connected(log: Log = silentLog): Promise<Instance> {
    const instance = await this.unconnected(log);
    await eventually(() => expect(instance.connection.available).toBe(true));
    return instance;
  }

  /** It may not have found Redis yet. */
  async unconnected(log: Log = silentLog): Promise<Instance> {
    const config = { REDIS_URL: this.way.url, REDIS_COMMAND_TIMEOUT_MS: commandTimeoutMs };
    const connection = new RedisConnection(config, systemClock, silentLog);
    this.open.push(connection);
    await connection.connect();
    const clock = new ManualClock();
    const leases = new StreamLeases(connection, clock, silentLog, new Shutdown(clock, silentLog));
    leases.onApplicationBootstrap();
    const limiter = new RateLimiter(connection, leases, systemClock, log);
    return { limiter, connection, renew: () => clock.advance(10_000) };
  }

  private async closeConnections(): Promise<void> {
    for (const connection of this.open.splice(0)) connection.close();
    await this.current.close();
  }
}
