import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where a login came from and when it was last used, so that its user can tell it from others; and more ways to end it. */
export class LoginOrigins1796000000004 implements MigrationInterface {
  readonly name = 'LoginOrigins1796000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table logins
      add column address inet,
      add column user_agent text,
      add column last_used_at timestamptz,
      drop constraint logins_end_reason_check,
      add constraint logins_end_reason_check check (end_reason in ('logout', 'reuse', 'revoked', 'password'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table logins no force row level security');
    await runner.query(`update logins set end_reason = 'logout' where end_reason in ('revoked', 'password')`);
    await runner.query('alter table logins force row level security');
    await runner.query(`alter table logins
      drop column address, drop column user_agent, drop column last_used_at,
      drop constraint logins_end_reason_check,
      add constraint logins_end_reason_check check (end_reason in ('logout', 'reuse'))`);
  }
}
