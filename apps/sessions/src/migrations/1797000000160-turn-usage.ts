import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the answer of a turn has used by its gateway's last count, for the record of one whose gateway is lost; null where
 * none was told, as by the release before. Read with its row, so there is no index.
 */
export class TurnUsage1797000000160 implements MigrationInterface {
  readonly name = 'TurnUsage1797000000160';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table turns add column usage json');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table turns drop column usage');
  }
}
