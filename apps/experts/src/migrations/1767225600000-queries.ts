import { tenantTable } from '@parley/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the circle was asked, and what each expert answered. */
export class Queries1767225600000 implements MigrationInterface {
  readonly name = 'Queries1767225600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table expert_queries (
      id uuid primary key,
      tenant_id uuid not null,
      asked_by uuid not null,
      status text not null,
      question text not null,
      options text[],
      consensus text,
      agreement double precision,
      idempotency_key text,
      request_hash text not null,
      lease_until timestamptz not null,
      created_at timestamptz not null,
      finished_at timestamptz
    )`);
    // The list: a tenant's queries, newest first. Ids are UUIDv7, which rise with time.
    await runner.query('create index expert_queries_by_age on expert_queries (tenant_id, id desc)');
    // One query per key; what is older than a day gives its key away.
    await runner.query(`create unique index expert_queries_idempotency_key on expert_queries (tenant_id, idempotency_key)
      where idempotency_key is not null`);
    // The sweeper: few rows are running at any time.
    await runner.query(`create index expert_queries_running on expert_queries (lease_until) where status = 'running'`);
    await tenantTable(runner, 'expert_queries');

    // The key serves the reading of a query too: its answers, in the order of the configuration.
    await runner.query(`create table expert_answers (
      query_id uuid not null references expert_queries,
      position smallint not null,
      tenant_id uuid not null,
      expert text not null,
      answer jsonb not null,
      primary key (query_id, position)
    )`);
    await tenantTable(runner, 'expert_answers');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table expert_answers');
    await runner.query('drop table expert_queries');
  }
}
