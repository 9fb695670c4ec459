import { Injectable } from '@nestjs/common';
import { Outbox, outboxInsert, type OutboxRow } from '@parley/messaging';
import { SystemDatabase } from '@parley/persistence';
import { Shutdown } from '@parley/service-kit';
import { LiveStreams } from '../live/live-streams.js';
import { wholeTreeMs } from './session.js';
import type { SessionKey } from './sessions.repository.js';

/** A statement over sessions that changes some of those that it is for, and what is told of each. */
export interface Sweep<Row extends SessionKey> {
  readonly sql: string;
  readonly params: readonly unknown[];
  /** As many as it changes where more may be left. */
  readonly batch: number;
  readonly toEvent: (row: Row) => OutboxRow;
  /** Whether what it finds is gone afterwards. */
  readonly deletes?: true;
}

/** Applies sweeps; any number of instances may at the same time. What is changed and its events are one transaction. */
@Injectable()
export class SessionSweeper {
  constructor(
    private readonly system: SystemDatabase,
    private readonly outbox: Outbox,
    private readonly live: LiveStreams,
    private readonly shutdown: Shutdown,
  ) {}

  /** Until less than a batch is found; a drain ends it after the batch under way. */
  async apply<Row extends SessionKey>(sweep: Sweep<Row>): Promise<void> {
    let changed: number;
    do changed = await this.applyOnce(sweep);
    while (changed >= sweep.batch && !this.shutdown.draining);
  }

  private async applyOnce<Row extends SessionKey>({ sql, params, toEvent, deletes }: Sweep<Row>): Promise<number> {
    const changed = await this.system.transaction(async (tx) => {
      if (deletes) await tx.allow(wholeTreeMs);
      const rows = await tx.query<Row>(sql, params);
      if (rows.length > 0) await tx.query(outboxInsert.sql(1), outboxInsert.params(rows.map(toEvent)));
      return rows;
    });
    if (changed.length > 0) this.outbox.wake();
    if (deletes) for (const { tenantId, id } of changed) this.live.forget({ tenantId, sessionId: id });
    return changed.length;
  }
}
