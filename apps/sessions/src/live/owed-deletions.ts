import { Injectable } from '@nestjs/common';
import { RedisConnection } from '@parley/cache';
import { liveKey, type LiveEntry } from '@parley/contracts';
import { Clock, Shutdown } from '@parley/service-kit';

/** How often it is tried again. */
const againMs = 1_000;
/** Then what nobody feeds has expired by itself. */
const owedMs = 15 * 60_000;
/** Streams at most; the oldest are left to their expiry. */
const maxOwed = 100_000;

const deleted = JSON.stringify({ type: 'deleted' } satisfies LiveEntry);

/**
 * Deletes the streams of sessions of which nothing is to be left. What Redis did not take is owed, and tried until it does.
 * A turn that is opened meanwhile may lose its stream by that: it is then read from PostgreSQL.
 */
@Injectable()
export class OwedDeletions {
  /** Until when each key is owed, oldest first. */
  private readonly owed = new Map<string, number>();
  private cancelNext: (() => void) | undefined;
  private over = false;

  constructor(
    private readonly redis: RedisConnection,
    private readonly clock: Clock,
    shutdown: Shutdown,
  ) {
    shutdown.register('work', async () => {
      this.over = true;
      this.cancelNext?.();
      await this.pay();
    });
  }

  /** The stream goes before the call returns, or when Redis is there. */
  async delete(tenantId: string, sessionId: string): Promise<void> {
    const key = liveKey(tenantId, sessionId);
    if (await this.tryDelete(key)) return;
    const [oldest] = this.owed.keys();
    if (oldest !== undefined && this.owed.size >= maxOwed) this.owed.delete(oldest);
    this.owed.set(key, this.clock.now() + owedMs);
    this.plan();
  }

  private plan(): void {
    if (this.over || this.owed.size === 0) return;
    this.cancelNext ??= this.clock.setTimeout(() => {
      void this.pay().finally(() => {
        this.cancelNext = undefined;
        this.plan();
      });
    }, againMs);
  }

  /** One after the other, up to the first that Redis does not take. */
  private async pay(): Promise<void> {
    for (const [key, until] of this.owed) {
      if (until > this.clock.now() && !(await this.tryDelete(key))) return;
      this.owed.delete(key);
    }
  }

  private tryDelete(key: string): Promise<boolean> {
    return this.redis
      .run((client) => Promise.all([client.del(key), client.publish(key, deleted)]))
      .then(() => true)
      .catch(() => false);
  }
}
