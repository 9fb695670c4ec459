import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What calls cost. The release before goes on working: it names the columns that it writes, so its records have no cost
 * and count as calls without a price. Constant defaults change no row that is there.
 */
export class Cost1797206400000 implements MigrationInterface {
  readonly name = 'Cost1797206400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table usage_records add column cost_usd numeric');
    await runner.query(`alter table usage_daily
      add column cost_usd numeric not null default 0, add column priced bigint not null default 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table usage_daily drop column priced, drop column cost_usd');
    await runner.query('alter table usage_records drop column cost_usd');
  }
}
