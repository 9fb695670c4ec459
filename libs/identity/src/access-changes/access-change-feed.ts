import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { RedisConnection } from '@parley/cache';
import {
  accessChange,
  accessChangesKey,
  changedTenantsKey,
  lostAccessChanges,
  type AccessChange,
} from '@parley/contracts';
import { Clock, Log, RecurringTask, Shutdown } from '@parley/service-kit';
import { AccessChangeLog } from './access-change-log.js';

/** With the time of a round trip, how late news by Redis is. */
const pollEveryMs = 1_000;
/** Tenants that are read at a time, and entries of each: up to 8 MB, where each has 4 KB of permissions. */
const tenantsAtATime = 20;
const pageSize = 100;
const fromTheStart = '-inf';

interface Entry {
  readonly text: string;
  readonly score: string;
}

/**
 * Reads from Redis what the broker may not bring: all that is there at the start, before the first request is taken, and
 * what has come since, each second.
 */
@Injectable()
export class AccessChangeFeed implements OnApplicationBootstrap {
  /** All up to this score is read: scores only rise, so what is above it is new. */
  private last = fromTheStart;
  private connectionsLost = 0;

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
    this.redis.client.on('close', () => this.beginAnew());
    await run().catch((err: unknown) => log.warn({ err }, complaint));
    new RecurringTask({ clock, log, shutdown, everyMs: pollEveryMs, run, complaint }).start();
  }

  /** That Redis is away is logged by its connection. A poll that fails is made again from where it began. */
  private async poll(): Promise<void> {
    if (!this.redis.available) return;
    const { last: since, connectionsLost } = this;
    let read = since;
    let tenants: Entry[];
    do {
      tenants = await this.page(changedTenantsKey, read, tenantsAtATime);
      await Promise.all(tenants.map(({ text: tenantId }) => this.readTenant(tenantId, since)));
      read = tenants.at(-1)?.score ?? read;
    } while (tenants.length === tenantsAtATime);
    if (connectionsLost === this.connectionsLost) this.last = read;
  }

  private beginAnew(): void {
    this.last = fromTheStart;
    this.connectionsLost += 1;
  }

  private async readTenant(tenantId: string, since: string): Promise<void> {
    let read = since;
    let entries: Entry[];
    do {
      entries = await this.page(accessChangesKey(tenantId), read, pageSize);
      const lost = entries.find(({ text }) => text === lostAccessChanges);
      if (lost) this.changes.missed(tenantId, Number(lost.score) / 1_000);
      const changes = entries.filter((entry) => entry !== lost).flatMap(({ text }) => this.parse(text));
      this.changes.apply(tenantId, changes, 'redis');
      read = entries.at(-1)?.score ?? read;
    } while (entries.length === pageSize);
  }

  private async page(key: string, above: string, size: number): Promise<Entry[]> {
    const from = above === fromTheStart ? above : `(${above}`;
    const answer = await this.redis.run((client) =>
      client.zrange(key, from, '+inf', 'BYSCORE', 'LIMIT', 0, size, 'WITHSCORES'),
    );
    return answer.flatMap((text, place) => (place % 2 === 0 ? [{ text, score: answer[place + 1] ?? '' }] : []));
  }

  /** What cannot be read, as a kind of change of a newer release, is left out, not in the way of the rest. */
  private parse(text: string): AccessChange[] {
    try {
      return [accessChange.parse(JSON.parse(text))];
    } catch (err) {
      this.log.warn({ err }, 'a change of access in Redis could not be read');
      return [];
    }
  }
}
