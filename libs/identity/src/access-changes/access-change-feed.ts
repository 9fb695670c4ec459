import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { RedisConnection } from '@parley/cache';
import { accessChangesKey, storedAccessChange, type StoredAccessChange } from '@parley/contracts';
import { Clock, Log, RecurringTask, Shutdown } from '@parley/service-kit';
import { AccessChangeLog } from './access-change-log.js';

/** With the time of a round trip, how late news by Redis is. */
const pollEveryMs = 1_000;
/** Entries of one round trip: up to 2 MB, where each has 4 KB of permissions. */
const pageSize = 500;
const fromTheStart = '-inf';

/**
 * Reads from Redis what the broker may not bring: all that is there at the start, before the first request is taken, and
 * what has come since, each second.
 */
@Injectable()
export class AccessChangeFeed implements OnApplicationBootstrap {
  /** The score of the last entry read: scores only rise, so what is above it is new. */
  private last = fromTheStart;

  constructor(
    private readonly redis: RedisConnection,
    private readonly changes: AccessChangeLog,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly shutdown: Shutdown,
  ) {}

  /** Without Redis the service starts all the same: the broker brings what happens from now on. */
  async onApplicationBootstrap(): Promise<void> {
    const { clock, log, shutdown } = this;
    const run = (): Promise<void> => this.poll();
    const complaint = 'changes of access could not be read from Redis';
    // Another Redis may be there after it, or one without its data.
    this.redis.client.on('close', () => (this.last = fromTheStart));
    await run().catch((err: unknown) => log.warn({ err }, complaint));
    new RecurringTask({ clock, log, shutdown, everyMs: pollEveryMs, run, complaint }).start();
  }

  /** That Redis is away is logged by its connection. */
  private async poll(): Promise<void> {
    if (this.redis.available) while (await this.readPage());
  }

  /** True where there may be more. */
  private async readPage(): Promise<boolean> {
    const above = this.last === fromTheStart ? fromTheStart : `(${this.last}`;
    const answer = await this.redis.run((client) =>
      client.zrange(accessChangesKey, above, '+inf', 'BYSCORE', 'LIMIT', 0, pageSize, 'WITHSCORES'),
    );
    const entries = answer.filter((_, place) => place % 2 === 0).flatMap((text) => this.read(text));
    for (const [tenantId, changes] of Map.groupBy(entries, (entry) => entry.tenant_id))
      this.changes.apply(
        tenantId,
        changes.map(({ change }) => change),
        'redis',
      );
    this.last = answer.at(-1) ?? this.last;
    return answer.length === 2 * pageSize;
  }

  /** What cannot be read, as a kind of change of a newer release, is left out, not in the way of the rest. */
  private read(text: string): StoredAccessChange[] {
    try {
      return [storedAccessChange.parse(JSON.parse(text))];
    } catch (err) {
      this.log.warn({ err }, 'a change of access in Redis could not be read');
      return [];
    }
  }
}
