import { tenantTable } from '@parley/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Turns: a question to a model within a session, and the lease of the gateway that answers it. */
export class Turns1767225600002 implements MigrationInterface {
  readonly name = 'Turns1767225600002';

  async up(runner: QueryRunner): Promise<void> {
    // The id is the gateway's choice, so it is the tenant's alone. base_id is the head before the turn's first message.
    await runner.query(`create table turns (
      tenant_id uuid not null,
      id uuid not null,
      session_id uuid not null,
      status text not null check (status in ('open', 'completed', 'interrupted')),
      reason text check (reason in ('lease_expired', 'failed', 'cancelled')),
      model text not null,
      request_id text not null,
      lease_hashes text[] not null,
      lease_until timestamptz not null,
      base_id uuid,
      answer_id uuid,
      opened_at timestamptz not null default now(),
      ended_at timestamptz,
      primary key (tenant_id, id),
      foreign key (tenant_id, session_id) references sessions on delete cascade,
      check ((status = 'open') = (ended_at is null)),
      check ((status = 'interrupted') = (reason is not null))
    )`);
    // Whatever the code does, a session has one open turn.
    await runner.query(`create unique index turns_one_open on turns (session_id) where status = 'open'`);
    // What the deletion of a session takes along.
    await runner.query(`create index turns_by_session on turns (tenant_id, session_id)`);
    // What the sweeper looks for: open turns alone, so it stays as small as the work in progress.
    await runner.query(`create index turns_by_lease on turns (lease_until, id) where status = 'open'`);
    await tenantTable(runner, 'turns');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table turns');
  }
}
