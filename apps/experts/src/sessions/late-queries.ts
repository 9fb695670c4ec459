import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Retention, retentionBatch, SystemDatabase } from '@parley/persistence';
import { Clock, Log, Shutdown } from '@parley/service-kit';

/** Queries that began after their session was deleted, or while it was: a look in the index for each session. */
export const lateQueries = `
  with late as (
    select late.id from deleted_sessions d cross join lateral (
      select id from expert_queries where tenant_id = d.tenant_id and session_id = d.session_id limit ${retentionBatch}) late
    limit ${retentionBatch}),
  answers as (delete from expert_answers where query_id in (select id from late))
  delete from expert_queries where id in (select id from late) returning 1`;

/** By then the last question of a session has come. */
const deletedSessionDays = 30;

const oldDeletedSessions = `
  delete from deleted_sessions where (tenant_id, session_id) in (select tenant_id, session_id from deleted_sessions
    where deleted_at < now() - interval '${deletedSessionDays} days' limit ${retentionBatch}) returning 1`;

/** Deletes what is asked in sessions that are gone, once an hour. */
@Injectable()
export class LateQueries extends Retention implements OnApplicationBootstrap {
  constructor(database: SystemDatabase, clock: Clock, log: Log, shutdown: Shutdown) {
    super({ database, clock, log, shutdown, rules: [{ sql: lateQueries }, { sql: oldDeletedSessions }] });
  }

  onApplicationBootstrap(): void {
    this.start();
  }
}
