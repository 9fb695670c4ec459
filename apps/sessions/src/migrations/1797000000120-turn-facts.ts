import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who asked for a turn and how, null for those that the release before opened; what an answer cost, as the decimal that
 * the ledger has, and how long its turn took. Read with their rows, so there is no index.
 */
export class TurnFacts1797000000120 implements MigrationInterface {
  readonly name = 'TurnFacts1797000000120';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table turns add column subject uuid, add column api_key_id uuid, add column dialect text,
      add column streamed boolean, add column input_tokens integer`);
    await runner.query('alter table messages add column cost_usd text, add column duration_ms integer');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table messages drop column cost_usd, drop column duration_ms');
    await runner.query(`alter table turns drop column subject, drop column api_key_id, drop column dialect,
      drop column streamed, drop column input_tokens`);
  }
}
