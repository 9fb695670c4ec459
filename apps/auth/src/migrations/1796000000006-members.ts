import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Members and logins by page, members' last login, and members whose account may not be in the hands of who has the address. */
export class Members1796000000006 implements MigrationInterface {
  readonly name = 'Members1796000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index memberships_by_age on memberships (tenant_id, created_at desc, user_id desc)');
    await runner.query('create index logins_by_age on logins (tenant_id, user_id, created_at desc, id desc)');
    await runner.query('drop index logins_by_user');
    // For retention.
    await runner.query(
      'create index invitations_by_end on invitations (coalesce(accepted_at, revoked_at, expires_at))',
    );
    // When the user showed that they read what is sent to the address.
    await runner.query('alter table users add column proven_at timestamptz');
    await runner.query(`alter table memberships
      add column needs_proof boolean not null default false,
      add column last_login_at timestamptz`);
  }

  /** Members whose account may be another's go: the release before would let it in. */
  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['memberships', 'users'])
      await runner.query(`alter table ${table} no force row level security`);
    await runner.query(`delete from memberships m where needs_proof
      and not exists (select from users u where u.id = m.user_id and u.proven_at is not null)`);
    for (const table of ['memberships', 'users']) await runner.query(`alter table ${table} force row level security`);
    await runner.query('alter table memberships drop column needs_proof, drop column last_login_at');
    await runner.query('alter table users drop column proven_at');
    await runner.query('drop index invitations_by_end');
    await runner.query('create index logins_by_user on logins (tenant_id, user_id)');
    await runner.query('drop index logins_by_age');
    await runner.query('drop index memberships_by_age');
  }
}
