import { tenantTable } from '@parley/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit of tool calls: who called what, when, and how it ended; never what was said. */
export class ToolInvocations1767225600000 implements MigrationInterface {
  readonly name = 'ToolInvocations1767225600000';

  async up(runner: QueryRunner): Promise<void> {
    // Ids are UUIDv7: they rise with time, so inserts touch the right-hand pages of the index only. No other index:
    // every call writes here, and reports are analytics' task.
    await runner.query(`create table tool_invocations (
      id uuid primary key,
      tenant_id uuid not null,
      occurred_at timestamptz not null,
      request_id text not null,
      subject uuid not null,
      api_key_id uuid,
      server_id text not null,
      tool_id text not null,
      outcome text not null,
      error_code text,
      duration_ms integer not null
    )`);
    await tenantTable(runner, 'tool_invocations');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table tool_invocations');
  }
}
