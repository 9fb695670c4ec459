import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The bytes of a session's messages on other branches; with `bytes`, those of its whole tree. The release before keeps
 * `bytes` alone, so that the two never tell less than the conversation, and does not count what failed turns left behind.
 */
export class LeftBehind1797000000115 implements MigrationInterface {
  readonly name = 'LeftBehind1797000000115';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table sessions add column left_bytes integer not null default 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table sessions drop column left_bytes');
  }
}
