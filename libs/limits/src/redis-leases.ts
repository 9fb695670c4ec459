import type { RedisConnection } from '@parley/cache';
import type { Redis, Result } from 'ioredis';

/** How long a stream is counted for a process that says nothing any more. */
export const defaultLeaseMs = 30_000;

/** At most `limit` streams at a time. */
export interface StreamLimit {
  /** What is limited; with its tenant in it where it belongs to one. */
  readonly key: string;
  /** How many may be in at a time. */
  readonly limit: number;
}

/** One stream, under each of some limits. */
export interface Held {
  readonly id: string;
  readonly sets: readonly StreamLimit[];
}

/** The sets are those of admission-script.ts, and so is the time. */
const renew = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lease = tonumber(ARGV[1])
for i = 2, #ARGV do redis.call('ZADD', KEYS[1], now + lease, ARGV[i]) end
redis.call('PEXPIRE', KEYS[1], lease)
`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    renewLeases(key: string, leaseMs: number, ...ids: string[]): Result<null, Context>;
  }
}

export const nameOfLeases = (key: string): string => `parley:places:${key}`;

/** The leases that all instances share. Those of a process that ends without giving them back run out. */
export class RedisLeases {
  constructor(
    private readonly redis: RedisConnection,
    private readonly leaseMs: number,
  ) {
    redis.client.defineCommand('renewLeases', { numberOfKeys: 1, lua: renew });
  }

  /** Also gives back leases that Redis has lost, or never heard of while it was away. @throws when Redis does not answer. */
  async renew(key: string, ids: readonly string[]): Promise<void> {
    await this.redis.run((client: Redis) => client.renewLeases(nameOfLeases(key), this.leaseMs, ...ids));
  }

  /** @throws when Redis does not answer. */
  async leave({ id, sets }: Held): Promise<void> {
    await this.redis.run((client: Redis) => Promise.all(sets.map(({ key }) => client.zrem(nameOfLeases(key), id))));
  }
}
