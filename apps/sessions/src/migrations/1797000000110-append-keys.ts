import { tenantTable } from '@parley/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which message an Idempotency-Key stands for, for 24 hours. */
export class AppendKeys1797000000110 implements MigrationInterface {
  readonly name = 'AppendKeys1797000000110';

  async up(runner: QueryRunner): Promise<void> {
    // The primary key finds a key, and what the deletion of a session takes along. A table beside the messages, so that
    // those without a key pay nothing for it.
    await runner.query(`create table append_keys (
      tenant_id uuid not null,
      session_id uuid not null,
      key text not null,
      request_hash text not null,
      message_id uuid not null,
      created_at timestamptz not null default now(),
      primary key (tenant_id, session_id, key),
      foreign key (tenant_id, session_id) references sessions on delete cascade
    )`);
    // What the retention looks for.
    await runner.query('create index append_keys_by_age on append_keys (created_at)');
    await tenantTable(runner, 'append_keys');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table append_keys');
  }
}
