import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When a signing key starts to sign, and when it stops being trusted. The key that is there signs on, as if it had begun
 * now: its successor is not due before every instance runs this release, which alone looks for one while it runs.
 */
export class KeySchedule1796000000005 implements MigrationInterface {
  readonly name = 'KeySchedule1796000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table signing_keys
      add column activates_at timestamptz not null default now(), add column retires_at timestamptz`);
  }

  /** Keys that sign no more go, with the tokens that they signed last: the release before would trust them for good. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table signing_keys no force row level security');
    await runner.query(`delete from signing_keys where retires_at <= now() or activates_at < (
      select max(activates_at) from signing_keys where activates_at <= now() and (retires_at is null or retires_at > now()))`);
    await runner.query('alter table signing_keys force row level security');
    await runner.query('alter table signing_keys drop column activates_at, drop column retires_at');
  }
}
