import { tenantTable } from '@parley/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tenants, users, and who belongs where in which role. */
export class Accounts1767225600000 implements MigrationInterface {
  readonly name = 'Accounts1767225600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table tenants (
      id uuid primary key,
      name text not null,
      created_at timestamptz not null
    )`);
    await tenantTable(runner, 'tenants', { tenantColumn: 'id' });

    // A user may belong to several tenants, so the row is nobody's but the user's own: it is seen by the address that
    // was given at a login, and by id once the caller is known to be that user.
    await runner.query(`create table users (
      id uuid primary key,
      email text not null unique check (email = lower(email)),
      password_hash text not null,
      created_at timestamptz not null
    )`);
    await runner.query(`alter table users enable row level security`);
    await runner.query(`alter table users force row level security`);
    await runner.query(`create policy self on users
      using (id = nullif(current_setting('parley.user_id', true), '')::uuid)
      with check (id = nullif(current_setting('parley.user_id', true), '')::uuid)`);
    await runner.query(`create policy by_login_email on users for select
      using (email = current_setting('parley.login_email', true))`);

    await runner.query(`create table memberships (
      tenant_id uuid not null references tenants,
      user_id uuid not null references users,
      role text not null check (role in ('viewer', 'developer', 'operator', 'admin', 'owner')),
      created_at timestamptz not null,
      primary key (tenant_id, user_id)
    )`);
    await runner.query(`create index memberships_by_user on memberships (user_id, created_at)`);
    await tenantTable(runner, 'memberships', { lookups: { user_id: 'user_id' } });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table memberships');
    await runner.query('drop table users');
    await runner.query('drop table tenants');
  }
}
