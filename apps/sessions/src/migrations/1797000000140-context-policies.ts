import { tenantTable } from '@parley/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What becomes of conversations that are too long for their model, what each answer's model was not given for that
 * reason, and the summaries that stand in for old messages. Policies are read with their rows, so they have no index.
 */
export class ContextPolicies1797000000140 implements MigrationInterface {
  readonly name = 'ContextPolicies1797000000140';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table sessions add column context json');
    await runner.query('alter table projects add column context json');
    await runner.query('alter table messages add column context json');
    // A message has one summary at most, of the path down to it: that path is the same whatever branches come later. The
    // message takes its summary along when it is deleted; the key serves that, and keeps a repeat from doubling it.
    await runner.query(`create table summaries (
      tenant_id uuid not null,
      session_id uuid not null,
      until_message_id uuid primary key references messages on delete cascade,
      text text not null,
      messages integer not null,
      model text not null,
      tokens json not null,
      cost_usd text,
      created_at timestamptz not null default now(),
      foreign key (tenant_id, session_id) references sessions on delete cascade
    )`);
    // A session's, for each of its turns; and what its deletion takes along.
    await runner.query('create index summaries_by_session on summaries (tenant_id, session_id)');
    await tenantTable(runner, 'summaries');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table summaries');
    for (const table of ['messages', 'projects', 'sessions'])
      await runner.query(`alter table ${table} drop column context`);
  }
}
