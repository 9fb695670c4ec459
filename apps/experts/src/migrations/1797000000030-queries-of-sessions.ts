import { tenantTable } from '@parley/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which session asked, so that its queries go with it. The release before names none. */
export class QueriesOfSessions1797000000030 implements MigrationInterface {
  readonly name = 'QueriesOfSessions1797000000030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table expert_queries add column session_id uuid');
    // What the deletion of a session takes along; most queries are asked outside of one.
    await runner.query(`create index expert_queries_by_session on expert_queries (tenant_id, session_id)
      where session_id is not null`);
    // Sessions of which a query may still begin, for a month.
    await runner.query(`create table deleted_sessions (
      tenant_id uuid not null,
      session_id uuid not null,
      deleted_at timestamptz not null default now(),
      primary key (tenant_id, session_id)
    )`);
    await runner.query('create index deleted_sessions_deleted_at on deleted_sessions (deleted_at)');
    await tenantTable(runner, 'deleted_sessions');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table deleted_sessions');
    await runner.query('alter table expert_queries drop column session_id');
  }
}
