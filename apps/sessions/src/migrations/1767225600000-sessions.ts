import { tenantTable } from '@parley/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Projects and sessions. Ids are UUIDs of version 7, so that the primary key is the order in which they were made. */
export class Sessions1767225600000 implements MigrationInterface {
  readonly name = 'Sessions1767225600000';

  async up(runner: QueryRunner): Promise<void> {
    // The key serves single rows and a tenant's list, newest first. With the tenant in it, no foreign key can cross tenants.
    await runner.query(`create table projects (
      tenant_id uuid not null,
      id uuid not null,
      name text not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      primary key (tenant_id, id)
    )`);
    await tenantTable(runner, 'projects');

    // The row is the lock of a conversation: head_id is the message that the next one hangs on, next_position its place,
    // open_turn_id the turn that holds the session,
    // bytes what is in the conversation, so that a long one is refused before it is read. Every message changes these and no index: room for updates in the page.
    await runner.query(`create table sessions (
      tenant_id uuid not null,
      id uuid not null,
      project_id uuid,
      name text,
      model text,
      head_id uuid,
      next_position integer not null default 0,
      bytes integer not null default 0,
      open_turn_id uuid,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      primary key (tenant_id, id),
      foreign key (tenant_id, project_id) references projects on delete set null (project_id)
    ) with (fillfactor = 70)`);
    // A project's list, and what its deletion leaves without a project.
    await runner.query(`create index sessions_by_project on sessions (tenant_id, project_id, id)
      where project_id is not null`);
    await tenantTable(runner, 'sessions');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table sessions');
    await runner.query('drop table projects');
  }
}
