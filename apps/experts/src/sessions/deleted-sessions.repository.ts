import { Injectable } from '@nestjs/common';
import type { Transaction } from '@parley/persistence';

/** Answers go in the same statement: none may stay behind its query. */
const forget = `with gone as (
    select id from expert_queries where tenant_id = $1 and session_id = $2 and created_at < coalesce($3::timestamptz, 'infinity')),
  answers as (delete from expert_answers where query_id in (select id from gone))
  delete from expert_queries where id in (select id from gone)`;

@Injectable()
export class DeletedSessionsRepository {
  /** Deletes what a session asked, running or not, and remembers it for what may still begin (see LateQueries). */
  async forget(tx: Transaction, tenantId: string, sessionId: string): Promise<void> {
    await tx.query('insert into deleted_sessions (tenant_id, session_id) values ($1, $2) on conflict do nothing', [
      tenantId,
      sessionId,
    ]);
    await tx.query(forget, [tenantId, sessionId, null]);
  }

  /** Deletes what a session had asked by then; it goes on. */
  async clear(tx: Transaction, tenantId: string, sessionId: string, before: Date): Promise<void> {
    await tx.query(forget, [tenantId, sessionId, before]);
  }
}
