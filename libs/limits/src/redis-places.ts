import type { RedisConnection } from '@parley/cache';
import type { Redis, Result } from 'ioredis';

/** How long a place is kept for a process that says nothing any more. */
export const defaultLeaseMs = 30_000;

/** A set of at most `limit`. */
export interface PlaceSet {
  /** What is limited; with its tenant in it where it belongs to one. */
  readonly key: string;
  /** How many may be in at a time. */
  readonly limit: number;
}

/** One id in each of some sets. */
export interface Held {
  readonly id: string;
  readonly sets: readonly PlaceSet[];
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
    renewPlaces(key: string, leaseMs: number, ...ids: string[]): Result<null, Context>;
  }
}

export const nameOfPlaces = (key: string): string => `parley:places:${key}`;

/** Places that all instances share. A process that ends without giving its own back loses them after the lease. */
export class RedisPlaces {
  constructor(
    private readonly redis: RedisConnection,
    private readonly leaseMs: number,
  ) {
    redis.client.defineCommand('renewPlaces', { numberOfKeys: 1, lua: renew });
  }

  /** Also gives back places that Redis has lost, or never heard of while it was away. @throws when Redis does not answer. */
  async renew(key: string, ids: readonly string[]): Promise<void> {
    await this.redis.run((client: Redis) => client.renewPlaces(nameOfPlaces(key), this.leaseMs, ...ids));
  }

  /** @throws when Redis does not answer. */
  async leave({ id, sets }: Held): Promise<void> {
    await this.redis.run((client: Redis) => Promise.all(sets.map(({ key }) => client.zrem(nameOfPlaces(key), id))));
  }
}
