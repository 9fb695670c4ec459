import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When somebody first asked a turn to stop. The release before leaves it out, and ends such a turn with its lease. */
export class TurnStops1797000000130 implements MigrationInterface {
  readonly name = 'TurnStops1797000000130';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table turns add column stop_requested_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table turns drop column stop_requested_at');
  }
}
