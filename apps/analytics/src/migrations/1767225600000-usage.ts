import { tenantTable } from '@parley/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The ledger of model calls and their daily sums. */
export class Usage1767225600000 implements MigrationInterface {
  readonly name = 'Usage1767225600000';

  async up(runner: QueryRunner): Promise<void> {
    // The primary key is what makes a record count once, however often it arrives.
    await runner.query(`create table usage_records (
      id uuid primary key,
      tenant_id uuid not null,
      occurred_at timestamptz not null,
      request_id text not null,
      subject uuid not null,
      api_key_id uuid,
      dialect text not null,
      provider text not null,
      model text not null,
      provider_model text not null,
      streamed boolean not null,
      outcome text not null,
      estimated boolean not null,
      duration_ms integer not null,
      input bigint not null,
      output bigint not null,
      cache_read bigint not null,
      cache_write bigint not null,
      reasoning bigint not null
    )`);
    await tenantTable(runner, 'usage_records');

    // One row per day, model and key; calls without a key share one row, hence «nulls not distinct».
    // The unique index also serves the report: it reads one tenant's days in order.
    await runner.query(`create table usage_daily (
      tenant_id uuid not null,
      day date not null,
      model text not null,
      api_key_id uuid,
      requests bigint not null,
      input bigint not null,
      output bigint not null,
      cache_read bigint not null,
      cache_write bigint not null,
      reasoning bigint not null,
      constraint usage_daily_key unique nulls not distinct (tenant_id, day, model, api_key_id)
    )`);
    await tenantTable(runner, 'usage_daily');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table usage_daily');
    await runner.query('drop table usage_records');
  }
}
