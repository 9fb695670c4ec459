import { tenantTable } from '@parley/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What becomes of turns that meet another one, and those that wait for it. */
export class TurnQueue1797000000125 implements MigrationInterface {
  readonly name = 'TurnQueue1797000000125';

  async up(runner: QueryRunner): Promise<void> {
    // Null is the project's, and in the end `reject`: what the release before does in any case.
    for (const table of ['sessions', 'projects'])
      await runner.query(`alter table ${table} add column concurrency text
        check (concurrency in ('reject', 'queue', 'interrupt'))`);
    // Nothing of what is asked is kept: the gateway that waits has it. `place` is given under the session's lock, so that
    // it is the order in which turns came. Rows are few, 16 a session at most, and gone once their turn is open.
    await runner.query(`create table turn_queue (
      tenant_id uuid not null,
      turn_id uuid not null,
      session_id uuid not null,
      place bigint generated always as identity,
      lease_hash text not null,
      subject uuid not null,
      api_key_id uuid,
      first_seen timestamptz not null default clock_timestamp(),
      seen_at timestamptz not null default clock_timestamp(),
      primary key (tenant_id, turn_id),
      foreign key (tenant_id, session_id) references sessions on delete cascade
    )`);
    // Who is before whom in a session, and what its deletion takes along.
    await runner.query('create index turn_queue_in_order on turn_queue (tenant_id, session_id, place)');
    await tenantTable(runner, 'turn_queue');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table turn_queue');
    for (const table of ['projects', 'sessions']) await runner.query(`alter table ${table} drop column concurrency`);
  }
}
