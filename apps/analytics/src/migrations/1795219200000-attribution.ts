import { tenantTable } from '@parley/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a call was made for, calls of tools, and sessions by day. The release before goes on working: it names the
 * columns that it writes, and knows none of the tables.
 */
export class Attribution1795219200000 implements MigrationInterface {
  readonly name = 'Attribution1795219200000';

  async up(runner: QueryRunner): Promise<void> {
    await this.attributeRecords(runner);
    await this.countTools(runner);
    await this.countSessions(runner);
  }

  /**
   * Reports by session, project or expert query read the ledger. Sums of their own would be almost as many rows as the
   * ledger has, as a session is a few calls, and would have to be added together again when a session is deleted.
   * The indexes are built under a lock, about a second per million records; events wait in RabbitMQ meanwhile.
   */
  private async attributeRecords(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table usage_records
      add column session_id uuid, add column project_id uuid, add column expert_query_id uuid`);
    // A tenant's days, for the breakdown of all its calls.
    await runner.query('create index usage_records_tenant on usage_records (tenant_id, occurred_at)');
    // One session, project or query, in a range of days; calls that belong to none cost nothing here.
    for (const column of ['session_id', 'project_id', 'expert_query_id']) {
      await runner.query(`create index usage_records_${column} on usage_records (tenant_id, ${column}, occurred_at)
        where ${column} is not null`);
    }
    // Retention, which goes by age alone: the ids are not ours and need not rise with time.
    await runner.query('create index usage_records_occurred_at on usage_records (occurred_at)');

    // Sessions whose records may still come, for a month.
    await runner.query(`create table deleted_sessions (
      session_id uuid primary key,
      tenant_id uuid not null,
      deleted_at timestamptz not null default now()
    )`);
    await runner.query('create index deleted_sessions_deleted_at on deleted_sessions (deleted_at)');
    await tenantTable(runner, 'deleted_sessions');
  }

  /**
   * Durations are counted in classes, which add up over days, tools and keys. Exact percentiles do not: they would
   * have to read and sort the ledger, and end with it.
   */
  private async countTools(runner: QueryRunner): Promise<void> {
    await runner.query(`create table tool_invocations (
      id uuid primary key,
      tenant_id uuid not null,
      occurred_at timestamptz not null,
      tool_id text not null,
      api_key_id uuid,
      outcome text not null,
      duration_ms integer not null
    )`);
    await runner.query('create index tool_invocations_occurred_at on tool_invocations (occurred_at)');
    await tenantTable(runner, 'tool_invocations');

    // One row per day, tool, key and class of duration; null is the class of the longest. Its key serves the report.
    await runner.query(`create table tool_daily (
      tenant_id uuid not null,
      day date not null,
      tool_id text not null,
      api_key_id uuid,
      up_to_ms integer,
      calls bigint not null,
      errors bigint not null,
      duration_ms bigint not null,
      max_ms integer not null,
      constraint tool_daily_key unique nulls not distinct (tenant_id, day, tool_id, api_key_id, up_to_ms)
    )`);
    await tenantTable(runner, 'tool_daily');
  }

  private async countSessions(runner: QueryRunner): Promise<void> {
    await runner.query(`create table session_daily (
      tenant_id uuid not null,
      day date not null,
      project_id uuid,
      created bigint not null,
      deleted bigint not null,
      completed bigint not null,
      interrupted bigint not null,
      input bigint not null,
      output bigint not null,
      cache_read bigint not null,
      cache_write bigint not null,
      reasoning bigint not null,
      constraint session_daily_key unique nulls not distinct (tenant_id, day, project_id)
    )`);
    await tenantTable(runner, 'session_daily');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['session_daily', 'tool_daily', 'tool_invocations', 'deleted_sessions']) {
      await runner.query(`drop table ${table}`);
    }
    await runner.query('drop index usage_records_occurred_at, usage_records_tenant');
    await runner.query(`alter table usage_records
      drop column session_id, drop column project_id, drop column expert_query_id`);
  }
}
