import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a signing key starts to sign, and when it stops being trusted. Without them: at once, and never. */
export class KeySchedule1796000000005 implements MigrationInterface {
  readonly name = 'KeySchedule1796000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table signing_keys add column activates_at timestamptz, add column retires_at timestamptz`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table signing_keys drop column activates_at, drop column retires_at');
  }
}
