import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What projects set for their sessions. Read by the key, so there is no index. */
export class ProjectDefaults1797000000020 implements MigrationInterface {
  readonly name = 'ProjectDefaults1797000000020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table projects add column model text, add column instructions text,
      add column limits json not null default '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table projects drop column model, drop column instructions, drop column limits');
  }
}
