import { tenantTable } from '@parley/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How long a tenant keeps its sessions, and who said so. Without a row it keeps them until somebody deletes them. */
export class SessionRetention1797000000010 implements MigrationInterface {
  readonly name = 'SessionRetention1797000000010';

  async up(runner: QueryRunner): Promise<void> {
    // The sweeper reads all of it, a row per tenant that has a rule; sessions_by_update finds what is too old.
    await runner.query(`create table session_retention (
      tenant_id uuid primary key,
      days integer not null check (days between 1 and 36500),
      set_by uuid not null
    )`);
    await tenantTable(runner, 'session_retention');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table session_retention');
  }
}
