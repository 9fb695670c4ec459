import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys of service accounts, keys by role and by other keys, their bounds, and the hash that a rotation leaves behind for a while. */
export class KeyBounds1796000000003 implements MigrationInterface {
  readonly name = 'KeyBounds1796000000003';

  async up(runner: QueryRunner): Promise<void> {
    // A key outlives nobody, but the row of a revoked one tells who made it, and that may be nobody's account any more.
    await runner.query('alter table api_keys drop constraint api_keys_created_by_fkey');
    await runner.query(`alter table api_keys
      add column service_account_id uuid references service_accounts on delete cascade,
      add column parent_key_id uuid references api_keys on delete set null,
      add column role text,
      add column tokens_per_minute integer,
      add column concurrent_streams integer,
      add column models text[],
      add column allowed_addresses cidr[],
      add column last_used_at timestamptz,
      add column previous_key_hash text unique,
      add column previous_key_expires_at timestamptz,
      add constraint api_keys_previous_check check ((previous_key_hash is null) = (previous_key_expires_at is null))`);
    await runner.query('create index api_keys_by_owner on api_keys (created_by)');
    await runner.query('create index api_keys_by_service_account on api_keys (service_account_id)');
    await runner.query('create index api_keys_by_parent on api_keys (parent_key_id)');
    await runner.query(`create index api_keys_by_role on api_keys (tenant_id, role, id)
      where role is not null and revoked_at is null`);
    await runner.query(`create policy by_previous_key_hash on api_keys for select
      using (previous_key_hash = current_setting('parley.credential_hash', true))`);
  }

  /** Keys whose maker or bounds the release before cannot tell go. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop policy by_previous_key_hash on api_keys');
    await runner.query('drop index api_keys_by_owner');
    await runner.query('alter table api_keys no force row level security');
    await runner.query('alter table users no force row level security');
    await runner.query(`delete from api_keys k where role is not null or service_account_id is not null
      or models is not null or allowed_addresses is not null or tokens_per_minute is not null
      or concurrent_streams is not null or not exists (select from users u where u.id = k.created_by)`);
    await runner.query(`alter table api_keys
      drop column service_account_id, drop column parent_key_id, drop column role, drop column tokens_per_minute, drop column concurrent_streams,
      drop column models, drop column allowed_addresses, drop column last_used_at, drop column previous_key_hash,
      drop column previous_key_expires_at`);
    await runner.query(`alter table api_keys add constraint api_keys_created_by_fkey
      foreign key (created_by) references users`);
    await runner.query('alter table users force row level security');
    await runner.query('alter table api_keys force row level security');
  }
}
