import { tenantTable } from '@parley/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Invitations and password resets, each by the hash of a token that is good once. */
export class OneTimeTokens1796000000001 implements MigrationInterface {
  readonly name = 'OneTimeTokens1796000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table invitations (
      id uuid primary key,
      tenant_id uuid not null references tenants,
      email text not null check (email = lower(email)),
      role text not null,
      token_hash text not null unique,
      created_by uuid not null,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      accepted_at timestamptz,
      revoked_at timestamptz
    )`);
    await runner.query('create index invitations_by_age on invitations (tenant_id, created_at desc, id desc)');
    // What keeps a role from being deleted.
    await runner.query(`create index invitations_by_role on invitations (tenant_id, role)
      where accepted_at is null and revoked_at is null`);
    await tenantTable(runner, 'invitations', { lookups: { credential_hash: 'token_hash' } });

    // The user's own, like the password that it replaces.
    await runner.query(`create table password_resets (
      token_hash text primary key,
      user_id uuid not null references users on delete cascade,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      used_at timestamptz
    )`);
    await runner.query('create index password_resets_by_user on password_resets (user_id)');
    await runner.query('alter table password_resets enable row level security');
    await runner.query('alter table password_resets force row level security');
    await runner.query(`create policy self on password_resets
      using (user_id = nullif(current_setting('parley.user_id', true), '')::uuid)
      with check (user_id = nullif(current_setting('parley.user_id', true), '')::uuid)`);
    await runner.query(`create policy by_credential_hash on password_resets for select
      using (token_hash = current_setting('parley.credential_hash', true))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table password_resets');
    await runner.query('drop table invitations');
  }
}
