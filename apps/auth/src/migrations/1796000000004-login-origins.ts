import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Where a login came from and when it was last used, so that its user can tell it from others; when it ends by itself; more
 * ways to end it; and when a password was changed, which ends all logins.
 */
export class LoginOrigins1796000000004 implements MigrationInterface {
  readonly name = 'LoginOrigins1796000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table logins
      add column address inet,
      add column user_agent text,
      add column last_used_at timestamptz not null default now(),
      -- The default is for instances of the release before, and REFRESH_TOKEN_TTL_S's.
      add column expires_at timestamptz not null default now() + interval '30 days',
      drop constraint logins_end_reason_check,
      add constraint logins_end_reason_check check (end_reason in ('logout', 'reuse', 'revoked', 'password'))`);
    await runner.query('alter table logins no force row level security');
    await runner.query('alter table refresh_tokens no force row level security');
    await runner.query(`update logins set expires_at = token.expires_at, last_used_at = token.created_at from (
      select login_id, max(expires_at) as expires_at, max(created_at) as created_at from refresh_tokens group by login_id
      ) token where id = login_id`);
    await runner.query('alter table refresh_tokens force row level security');
    await runner.query('alter table logins force row level security');
    // For retention.
    await runner.query('create index logins_by_end on logins (coalesce(ended_at, expires_at))');
    await runner.query('create index refresh_tokens_by_expiry on refresh_tokens (expires_at)');
    await runner.query('create index password_resets_by_expiry on password_resets (expires_at)');
    await runner.query('alter table users add column password_changed_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table users drop column password_changed_at');
    await runner.query('drop index password_resets_by_expiry');
    await runner.query('drop index refresh_tokens_by_expiry');
    await runner.query('drop index logins_by_end');
    await runner.query('alter table logins no force row level security');
    await runner.query(`update logins set end_reason = 'logout' where end_reason in ('revoked', 'password')`);
    await runner.query('alter table logins force row level security');
    await runner.query(`alter table logins
      drop column address, drop column user_agent, drop column last_used_at, drop column expires_at,
      drop constraint logins_end_reason_check,
      add constraint logins_end_reason_check check (end_reason in ('logout', 'reuse'))`);
  }
}
