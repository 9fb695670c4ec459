import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { RedisConnection } from '@parley/cache';
import { Clock, Log, RecurringTask, Shutdown } from '@parley/service-kit';
import { defaultLeaseMs, RedisLeases, type Held, type StreamLimit } from './redis-leases.js';

/** A renewal may fail twice before the lease is lost. */
const renewEveryMs = defaultLeaseMs / 3;

/** The leases of this instance, which it alone counts while Redis is away. Those of one that is killed are free 30 s later. */
@Injectable()
export class StreamLeases implements OnApplicationBootstrap {
  private readonly shared: RedisLeases;
  private readonly held = new Map<string, Set<string>>();

  constructor(
    private readonly redis: RedisConnection,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly shutdown: Shutdown,
  ) {
    this.shared = new RedisLeases(redis, defaultLeaseMs);
  }

  onApplicationBootstrap(): void {
    const { clock, log, shutdown } = this;
    const complaint = 'leases of streams could not be renewed';
    new RecurringTask({ clock, log, shutdown, everyMs: renewEveryMs, run: () => this.renew(), complaint }).start();
  }

  /** How many are in by this instance. */
  countIn({ key }: StreamLimit): number {
    return this.held.get(key)?.size ?? 0;
  }

  /** A lease under each, which is to be left. */
  hold(sets: readonly StreamLimit[]): Held {
    const id = randomUUID();
    for (const { key } of sets) this.held.set(key, (this.held.get(key) ?? new Set()).add(id));
    return { id, sets };
  }

  /** What was held and never got into Redis. False where it was released before. */
  release({ id, sets }: Held): boolean {
    const released = sets.map(({ key }) => {
      const ids = this.held.get(key);
      const known = ids?.delete(id) ?? false;
      if (ids?.size === 0) this.held.delete(key);
      return known;
    });
    return released.includes(true);
  }

  /** Once is enough; more do nothing. */
  leave(held: Held): void {
    // Where Redis does not hear of it, the lease ends by itself.
    if (this.release(held)) this.shared.leave(held).catch(() => undefined);
  }

  private async renew(): Promise<void> {
    if (!this.redis.available) return;
    await Promise.all(Array.from(this.held, ([key, ids]) => this.shared.renew(key, [...ids])));
  }
}
