import { tenantTable } from '@parley/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Logins, each with the family of refresh tokens that it led to. */
export class Logins1767225600001 implements MigrationInterface {
  readonly name = 'Logins1767225600001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table logins (
      id uuid primary key,
      tenant_id uuid not null,
      user_id uuid not null,
      created_at timestamptz not null,
      ended_at timestamptz,
      end_reason text check (end_reason in ('logout', 'reuse')),
      foreign key (tenant_id, user_id) references memberships (tenant_id, user_id) on delete cascade,
      check ((ended_at is null) = (end_reason is null))
    )`);
    await runner.query(`create index logins_by_user on logins (tenant_id, user_id)`);
    await tenantTable(runner, 'logins');

    await runner.query(`create table refresh_tokens (
      token_hash text primary key,
      tenant_id uuid not null,
      login_id uuid not null references logins on delete cascade,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      replaced_at timestamptz
    )`);
    await runner.query(`create index refresh_tokens_by_login on refresh_tokens (login_id)`);
    await tenantTable(runner, 'refresh_tokens', { lookups: { credential_hash: 'token_hash' } });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table refresh_tokens');
    await runner.query('drop table logins');
  }
}
