import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Retention, retentionBatch, SystemDatabase } from '@parley/persistence';
import { Clock, Log, Shutdown } from '@parley/service-kit';

const dayMs = 86_400_000;

/** How long records are kept. */
export class UsageDays {
  constructor(readonly days: number) {}
}

/** The ids are UUIDv7, so those of old records are the lowest: no index but the primary key is needed on the hot path. */
export const deletion = `
  delete from usage_records where id = any(array(select id from usage_records
    where id < $1 order by id limit ${retentionBatch} for update skip locked)) returning 1`;

/** The lowest UUIDv7 of a moment: its 48 bits of milliseconds first (RFC 9562, 5.7). */
export function lowestUuid(ms: number): string {
  const time = ms.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}

/** Forgets the records of long-answered calls. Their events do not need them: each lies whole in the outbox until it is sent. */
@Injectable()
export class UsageRetention extends Retention implements OnApplicationBootstrap {
  constructor({ days }: UsageDays, database: SystemDatabase, clock: Clock, log: Log, shutdown: Shutdown) {
    const params = () => [lowestUuid(clock.now() - days * dayMs)];
    super({ database, clock, log, shutdown, rules: [{ sql: deletion, params }] });
  }

  onApplicationBootstrap(): void {
    this.start();
  }
}
