import { tenantTable } from '@parley/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts of programs, which have a secret in place of an address and a password. */
export class ServiceAccounts1796000000002 implements MigrationInterface {
  readonly name = 'ServiceAccounts1796000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table service_accounts (
      id uuid primary key,
      tenant_id uuid not null references tenants,
      name text not null,
      role text not null,
      permissions text[] not null,
      secret_hash text not null,
      previous_secret_hash text,
      previous_secret_expires_at timestamptz,
      created_by uuid not null,
      created_at timestamptz not null,
      check ((previous_secret_hash is null) = (previous_secret_expires_at is null))
    )`);
    await runner.query(
      'create index service_accounts_by_age on service_accounts (tenant_id, created_at desc, id desc)',
    );
    await runner.query('create index service_accounts_by_role on service_accounts (tenant_id, role, id)');
    await tenantTable(runner, 'service_accounts', { lookups: { client_id: 'id' } });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table service_accounts');
  }
}
