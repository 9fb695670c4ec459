import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { RedisConnection } from '@parley/cache';
import { Clock, Log, RecurringTask, Shutdown } from '@parley/service-kit';
import { defaultLeaseMs, RedisPlaces } from './redis-places.js';

/** A renewal may fail twice before the place is lost. */
const renewEveryMs = defaultLeaseMs / 3;

export interface Enter {
  /** What is limited; with its tenant in it where it belongs to one. */
  readonly key: string;
  /** How many may be in at a time. */
  readonly limit: number;
}

/** One of the places of a key. */
export interface Place {
  /** Once is enough; more do nothing. */
  leave(): void;
}

/**
 * Lets in so many at a time, together with the other instances in Redis, or alone while Redis is away. The places of an
 * instance that is killed are free 30 s later.
 */
@Injectable()
export class ConcurrencyLimiter implements OnApplicationBootstrap {
  private readonly shared: RedisPlaces;
  /** The places of this instance, by key. */
  private readonly held = new Map<string, Set<string>>();

  constructor(
    private readonly redis: RedisConnection,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly shutdown: Shutdown,
  ) {
    this.shared = new RedisPlaces(redis);
  }

  onApplicationBootstrap(): void {
    const { clock, log, shutdown } = this;
    const complaint = 'places that are taken could not be renewed';
    new RecurringTask({ clock, log, shutdown, everyMs: renewEveryMs, run: () => this.renew(), complaint }).start();
  }

  /** Undefined where all places are taken. Never fails and never waits for a Redis that is known to be away. */
  async enter({ key, limit }: Enter): Promise<Place | undefined> {
    const id = this.hold(key, limit);
    if (id === undefined) return undefined;
    // Who is alone lets in as many as the limit says.
    const entered = await this.shared.enter(key, limit, id).catch(() => true);
    if (!entered) {
      this.release(key, id);
      return undefined;
    }
    return { leave: () => this.leave(key, id) };
  }

  private hold(key: string, limit: number): string | undefined {
    const ids = this.held.get(key) ?? new Set();
    if (ids.size >= limit) return undefined;
    const id = randomUUID();
    this.held.set(key, ids.add(id));
    return id;
  }

  /** False where it was released before. */
  private release(key: string, id: string): boolean {
    const ids = this.held.get(key);
    const released = ids?.delete(id) ?? false;
    if (ids?.size === 0) this.held.delete(key);
    return released;
  }

  private leave(key: string, id: string): void {
    // Where Redis does not hear of it, the lease ends by itself.
    if (this.release(key, id)) this.shared.leave(key, id).catch(() => undefined);
  }

  private async renew(): Promise<void> {
    if (!this.redis.available) return;
    await Promise.all(Array.from(this.held, ([key, ids]) => this.shared.renew(key, [...ids])));
  }
}
