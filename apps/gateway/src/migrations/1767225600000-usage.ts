import { tenantTable } from '@parley/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The gateway's own record of every call to a model: what was answered is in here, whatever becomes of the events. */
export class Usage1767225600000 implements MigrationInterface {
  readonly name = 'Usage1767225600000';

  async up(runner: QueryRunner): Promise<void> {
    // Ids are UUIDv7: they rise with time, so inserts touch the right-hand pages of the index only.
    await runner.query(`create table usage_records (
      id uuid primary key,
      tenant_id uuid not null,
      occurred_at timestamptz not null,
      record jsonb not null
    )`);
    await tenantTable(runner, 'usage_records');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table usage_records');
  }
}
