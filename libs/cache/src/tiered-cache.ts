import { systemClock, type Clock } from '@parley/resilience';
import { z } from 'zod';
import { HitRatio, hitRatioOf } from './hit-ratio.js';
import { LocalCache, type LocalCacheOptions } from './local-cache.js';
import type { RedisConnection } from './redis-connection.js';

/** How a value is kept in Redis. */
export interface Codec<T> {
  encode(value: T): string;
  /** May throw: the value is then loaded anew. */
  decode(text: string): T;
}

export interface TieredCacheOptions<T> extends LocalCacheOptions<T> {
  /** Without it the cache is local. Its loss makes misses, never errors. */
  readonly redis?: RedisConnection;
  /** Default: JSON, unchecked. A value that another version may have written deserves a schema. */
  readonly codec?: Codec<T>;
}

/** Keeps its end with it, so that the way from Redis into an instance does not lengthen an entry's life. */
interface Stored<T> {
  readonly value: T;
  readonly expiresAt: number;
}

const stored = z.object({ expires_at: z.number(), value: z.string() });

/** An in-process cache before Redis, which the instances of a service share. */
export class TieredCache<T> {
  private readonly local: LocalCache<Stored<T>>;
  private readonly ratio: HitRatio;
  private readonly clock: Clock;
  private readonly codec: Codec<T>;
  /** Counts deletions: a load that began before one must not be kept after it. */
  private deletions = 0;

  constructor(private readonly options: TieredCacheOptions<T>) {
    const { name, maxEntries, metrics, clock = systemClock, random, codec } = options;
    const ttlMs = ({ expiresAt }: Stored<T>): number => expiresAt - clock.now();
    this.local = new LocalCache({ name, maxEntries, ttlMs, clock, ...(random && { random }) });
    this.ratio = metrics ? hitRatioOf(name, metrics) : new HitRatio();
    this.clock = clock;
    this.codec = codec ?? { encode: (value) => JSON.stringify(value), decode: (text) => JSON.parse(text) as T };
  }

  /** What is kept here or in Redis, else what `load` gives. Concurrent callers of one process share a load; an error is not kept. */
  async getOrLoad(key: string, load: () => Promise<T>): Promise<T> {
    let hit = true;
    try {
      const entry = await this.local.getOrLoad(key, async () => {
        const remembered = await this.recall(key);
        hit = remembered !== undefined;
        return remembered ?? this.fill(key, load);
      });
      return entry.value;
    } finally {
      this.ratio.record(hit);
    }
  }

  /** Gone from this process and from Redis; another process may answer with its own copy until that ends. */
  async delete(key: string): Promise<void> {
    this.deletions += 1;
    this.local.delete(key);
    await this.options.redis?.run((client) => client.del(this.redisKey(key))).catch(() => undefined);
  }

  private async fill(key: string, load: () => Promise<T>): Promise<Stored<T>> {
    const before = this.deletions;
    const value = await load();
    const { ttlMs } = this.options;
    const ttl = typeof ttlMs === 'number' ? ttlMs : ttlMs(value);
    const entry = { value, expiresAt: this.clock.now() + ttl };
    if (ttl > 0 && before === this.deletions) this.remember(key, entry, ttl);
    return entry;
  }

  private async recall(key: string): Promise<Stored<T> | undefined> {
    try {
      const text = await this.options.redis?.run((client) => client.get(this.redisKey(key)));
      if (text === undefined || text === null) return undefined;
      const { expires_at, value } = stored.parse(JSON.parse(text));
      return { value: this.codec.decode(value), expiresAt: expires_at };
    } catch {
      return undefined;
    }
  }

  /** Nobody waits for it: whether it worked shows at the next miss. */
  private remember(key: string, { value, expiresAt }: Stored<T>, ttl: number): void {
    const text = JSON.stringify({ expires_at: expiresAt, value: this.codec.encode(value) });
    void this.options.redis
      ?.run((client) => client.set(this.redisKey(key), text, 'PX', Math.ceil(ttl)))
      .catch(() => undefined);
  }

  private redisKey(key: string): string {
    return `parley:cache:${this.options.name}:${key}`;
  }
}
