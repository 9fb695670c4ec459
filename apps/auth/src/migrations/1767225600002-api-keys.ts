import { tenantTable } from '@parley/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** API keys by the hash of what their owner holds. */
export class ApiKeys1767225600002 implements MigrationInterface {
  readonly name = 'ApiKeys1767225600002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table api_keys (
      id uuid primary key,
      tenant_id uuid not null references tenants,
      key_hash text not null unique,
      prefix text not null,
      name text not null,
      permissions text[] not null,
      requests_per_minute integer not null,
      created_by uuid not null references users,
      created_at timestamptz not null,
      expires_at timestamptz,
      revoked_at timestamptz
    )`);
    await runner.query(`create index api_keys_by_age on api_keys (tenant_id, created_at desc, id desc)`);
    await tenantTable(runner, 'api_keys', { lookups: { credential_hash: 'key_hash' } });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table api_keys');
  }
}
