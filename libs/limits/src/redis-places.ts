import type { RedisConnection } from '@parley/cache';
import type { Redis, Result } from 'ioredis';

/** How long a place is kept for a process that says nothing any more. */
export const defaultLeaseMs = 30_000;

/**
 * The places of a key are a sorted set: who has one, by the time at which it ends unless it is renewed. The time is the
 * Redis server's, as in redis-window.ts.
 */
const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;
const enter = `${now}
local limit, lease = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= limit then return 0 end
redis.call('ZADD', KEYS[1], now + lease, ARGV[3])
redis.call('PEXPIRE', KEYS[1], lease)
return 1
`;
const renew = `${now}
local lease = tonumber(ARGV[1])
for i = 2, #ARGV do redis.call('ZADD', KEYS[1], now + lease, ARGV[i]) end
redis.call('PEXPIRE', KEYS[1], lease)
`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    enterPlace(key: string, limit: number, leaseMs: number, id: string): Result<0 | 1, Context>;
    renewPlaces(key: string, leaseMs: number, ...ids: string[]): Result<null, Context>;
  }
}

const nameOf = (key: string): string => `parley:places:${key}`;

/** Places that all instances share. A process that ends without giving its own back loses them after the lease. */
export class RedisPlaces {
  constructor(
    private readonly redis: RedisConnection,
    private readonly leaseMs = defaultLeaseMs,
  ) {
    redis.client.defineCommand('enterPlace', { numberOfKeys: 1, lua: enter });
    redis.client.defineCommand('renewPlaces', { numberOfKeys: 1, lua: renew });
  }

  /** False where all are taken. @throws when Redis does not answer. */
  async enter(key: string, limit: number, id: string): Promise<boolean> {
    const { leaseMs } = this;
    return (await this.redis.run((client: Redis) => client.enterPlace(nameOf(key), limit, leaseMs, id))) === 1;
  }

  /** Also gives back places that Redis has lost, or never heard of while it was away. @throws when Redis does not answer. */
  async renew(key: string, ids: readonly string[]): Promise<void> {
    await this.redis.run((client: Redis) => client.renewPlaces(nameOf(key), this.leaseMs, ...ids));
  }

  /** @throws when Redis does not answer. */
  async leave(key: string, id: string): Promise<void> {
    await this.redis.run((client: Redis) => client.zrem(nameOf(key), id));
  }
}
