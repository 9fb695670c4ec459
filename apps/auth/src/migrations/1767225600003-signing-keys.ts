import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The keys that sign tokens, shared by all instances. They are no tenant's: only a transaction that says so sees them. */
export class SigningKeys1767225600003 implements MigrationInterface {
  readonly name = 'SigningKeys1767225600003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table signing_keys (
      key_id text primary key,
      public_jwk jsonb not null,
      sealed_private_jwk bytea not null,
      created_at timestamptz not null
    )`);
    await runner.query(`alter table signing_keys enable row level security`);
    await runner.query(`alter table signing_keys force row level security`);
    await runner.query(`create policy signing on signing_keys
      using (current_setting('parley.purpose', true) = 'signing')
      with check (current_setting('parley.purpose', true) = 'signing')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table signing_keys');
  }
}
