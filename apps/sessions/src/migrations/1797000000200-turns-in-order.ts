import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The turns of a session in their order. */
export class TurnsInOrder1797000000200 implements MigrationInterface {
  readonly name = 'TurnsInOrder1797000000200';

  async up(runner: QueryRunner): Promise<void> {
    // Finds the newest turn of a session, and the one that follows another; takes over what its shorter sister did.
    await runner.query('create index turns_in_order on turns (tenant_id, session_id, opened_at, id)');
    await runner.query('drop index turns_by_session');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('create index turns_by_session on turns (tenant_id, session_id)');
    await runner.query('drop index turns_in_order');
  }
}
