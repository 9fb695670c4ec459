import { tenantTable } from '@parley/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tenants' own roles, and permissions of members besides those of their role. */
export class Roles1796000000000 implements MigrationInterface {
  readonly name = 'Roles1796000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table roles (
      tenant_id uuid not null references tenants,
      name text not null,
      description text,
      inherits text check (inherits in ('viewer', 'developer', 'operator', 'admin', 'owner')),
      permissions text[] not null,
      created_at timestamptz not null,
      primary key (tenant_id, name)
    )`);
    await tenantTable(runner, 'roles');
    // A role is one of the five or of the table above, which no constraint can say.
    await runner.query('alter table memberships drop constraint memberships_role_check');
    await runner.query(`alter table memberships add column permissions text[] not null default '{}'`);
    // By role: whom a change of it concerns, in pages, and who the owners are.
    await runner.query('create index memberships_by_role on memberships (tenant_id, role, user_id)');
    // A tenant sees the addresses of its members.
    await runner.query(`create policy of_members on users for select using (exists (
      select from memberships m where m.user_id = users.id
         and m.tenant_id = nullif(current_setting('parley.tenant_id', true), '')::uuid))`);
  }

  /** Members with a role that the release before does not know become viewers. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop policy of_members on users');
    await runner.query('drop index memberships_by_role');
    await runner.query('alter table memberships drop column permissions');
    await runner.query('alter table memberships no force row level security');
    await runner.query(`update memberships set role = 'viewer'
      where role not in ('viewer', 'developer', 'operator', 'admin', 'owner')`);
    await runner.query('alter table memberships force row level security');
    await runner.query(`alter table memberships add constraint memberships_role_check
      check (role in ('viewer', 'developer', 'operator', 'admin', 'owner'))`);
    await runner.query('drop table roles');
  }
}
