import { tenantTable } from '@parley/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What lists of sessions are filtered by, so that a filter which few fit does not read all that its tenant has: ADR 34. */
export class SessionFilters1797000000250 implements MigrationInterface {
  readonly name = 'SessionFilters1797000000250';

  async up(runner: QueryRunner): Promise<void> {
    // Newest first of a status or model. Both cost where the row changes its page anyway: at most once a minute.
    await runner.query('create index sessions_by_status on sessions (tenant_id, status, id)');
    await runner.query('create index sessions_by_model on sessions (tenant_id, model, id) where model is not null');
    // Operators of arrays are not leakproof, so row-level security keeps them out of an index condition; equality is. The key
    // finds what a deletion takes along.
    await runner.query(`create table session_tags (
      tenant_id uuid not null,
      session_id uuid not null,
      tag text not null,
      primary key (tenant_id, session_id, tag),
      foreign key (tenant_id, session_id) references sessions on delete cascade
    )`);
    await runner.query('create index session_tags_by_tag on session_tags (tenant_id, tag, session_id)');
    await tenantTable(runner, 'session_tags');
    // By the database, since the release before writes the column alone. Not fired by messages: they leave tags alone.
    await runner.query(`create function keep_session_tags() returns trigger language plpgsql as $$
      begin
        delete from session_tags where tenant_id = new.tenant_id and session_id = new.id;
        insert into session_tags (tenant_id, session_id, tag) select new.tenant_id, new.id, unnest(new.tags) on conflict do nothing;
        return null;
      end $$`);
    await runner.query(`create trigger session_tags_of_new after insert on sessions for each row
      when (new.tags <> '{}') execute function keep_session_tags()`);
    await runner.query(`create trigger session_tags_of_changed after update of tags on sessions for each row
      when (new.tags <> old.tags) execute function keep_session_tags()`);
    // Row-level security holds for the owner while it is forced.
    for (const table of ['sessions', 'session_tags'])
      await runner.query(`alter table ${table} no force row level security`);
    await runner.query(`insert into session_tags (tenant_id, session_id, tag)
      select tenant_id, id, tag from sessions, unnest(tags) tag on conflict do nothing`);
    for (const table of ['sessions', 'session_tags'])
      await runner.query(`alter table ${table} force row level security`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop trigger session_tags_of_changed on sessions');
    await runner.query('drop trigger session_tags_of_new on sessions');
    await runner.query('drop function keep_session_tags');
    await runner.query('drop table session_tags');
    await runner.query('drop index sessions_by_model');
    await runner.query('drop index sessions_by_status');
  }
}
