import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Retention, retentionBatch, SystemDatabase } from '@parley/persistence';
import { Clock, Log, Shutdown } from '@parley/service-kit';

/** How long ledgers are kept. */
export class LedgerDays {
  constructor(readonly days: number) {}
}

/** By an array, so that the rows are looked up one by one however many there are; a hash join would read the table. */
const oldRows = (table: string) => `
  delete from ${table} where id = any(array(select id from ${table}
    where occurred_at < now() - make_interval(days => $1) limit ${retentionBatch} for update skip locked)) returning 1`;

/** Records that came after their session was deleted, or were being written while it was: a look in the index for each. */
export const lateRecords = `
  update usage_records set session_id = null where id = any(array(select late.id from deleted_sessions as d
    cross join lateral (select id from usage_records where tenant_id = d.tenant_id and session_id = d.session_id
      limit ${retentionBatch}) as late limit ${retentionBatch})) returning 1`;

/** By then the last record of a session has come, one that was replayed from the dead letters too. */
const deletedSessionDays = 30;

export const oldDeletedSessions = `
  delete from deleted_sessions where session_id = any(array(select session_id from deleted_sessions
    where deleted_at < now() - interval '${deletedSessionDays} days' limit ${retentionBatch})) returning 1`;

export const oldUsageRecords = oldRows('usage_records');
export const oldToolInvocations = oldRows('tool_invocations');

/** Bounds the ledgers by age and takes deleted sessions' names off late records; the daily sums stay. */
@Injectable()
export class LedgerRetention extends Retention implements OnApplicationBootstrap {
  constructor({ days }: LedgerDays, database: SystemDatabase, clock: Clock, log: Log, shutdown: Shutdown) {
    const params = () => [days];
    super({
      database,
      clock,
      log,
      shutdown,
      rules: [
        { sql: oldUsageRecords, params },
        { sql: oldToolInvocations, params },
        { sql: lateRecords },
        { sql: oldDeletedSessions },
      ],
    });
  }

  onApplicationBootstrap(): void {
    this.start();
  }
}
