import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What sessions are found by, and whether they are in use. The release before leaves all of it as it is. */
export class SessionLifecycle1797000000000 implements MigrationInterface {
  readonly name = 'SessionLifecycle1797000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table sessions
      add column tags text[] not null default '{}',
      add column status text not null default 'active' check (status in ('active', 'idle', 'archived')),
      add column archived_at timestamptz,
      add column last_active_at timestamptz not null default now(),
      add check ((status = 'archived') = (archived_at is not null))`);
    // Row-level security holds for the owner too, so no update would reach the rows that are there; a rewrite does.
    await runner.query(`alter table sessions alter column last_active_at type timestamptz using updated_at`);
    // Every message changes both times, and a column in an index would cost each of them an entry in every index. By
    // the minute it does so once a minute; within one, rows are sorted when they are read.
    await runner.query(`alter table sessions
      add column updated_minute timestamp generated always as (date_trunc('minute', updated_at at time zone 'UTC')) stored,
      add column active_minute timestamp generated always as (date_trunc('minute', last_active_at at time zone 'UTC')) stored,
      add column name_key text generated always as (lower(coalesce(name, ''))) stored`);
    // A tenant's list by its last change, and what is older than its retention.
    await runner.query('create index sessions_by_update on sessions (tenant_id, updated_minute)');
    // A tenant's list by name. Row-level security keeps lower() out of an index condition, as it is not leakproof.
    await runner.query('create index sessions_by_name on sessions (tenant_id, name_key, id)');
    // What the sweeper looks for: the least recently used of all tenants' active sessions.
    await runner.query(`create index sessions_by_activity on sessions (active_minute) where status = 'active'`);
    // None for tags, status and model: as array operators are not leakproof, row-level security would leave an index on
    // tags unused. The order's index is read until a page is full, at most as far as the tenant's own sessions go.
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table sessions drop column updated_minute, drop column active_minute, drop column name_key`,
    );
    await runner.query(`alter table sessions drop constraint sessions_check, drop column tags, drop column status,
      drop column archived_at, drop column last_active_at`);
  }
}
