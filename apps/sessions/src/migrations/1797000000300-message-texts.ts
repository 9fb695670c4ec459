import { tenantTable } from '@parley/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Windows of time, each eight times as long as the one before: 2 seconds to 1.1 years, and 0 for all of time. */
const levels = [21, 24, 27, 30, 33, 36, 39, 42, 45];

/** What messages are found by. Why it is built so: ADR 32. */
export class MessageTexts1797000000300 implements MigrationInterface {
  readonly name = 'MessageTexts1797000000300';

  async up(runner: QueryRunner): Promise<void> {
    // English words by their stems, others as they are; none is too common to be asked for.
    await runner.query('create text search dictionary parley_stems (template = snowball, language = english)');
    await runner.query('create text search configuration parley_words (copy = simple)');
    await runner.query(`alter text search configuration parley_words
      alter mapping for asciiword, asciihword, hword_asciipart, word, hword, hword_part with parley_stems`);
    // A window of 2^level microseconds of a tenant’s, as one number.
    await runner.query(`create function search_window(tenant_id uuid, level integer, at timestamptz) returns bigint
      language sql immutable parallel safe return uuid_hash_extended(tenant_id, case level when 0 then 0 else
        (level::bigint << 56) + ((extract(epoch from at at time zone 'UTC') * 1000000)::bigint >> level) end)`);
    // Signs of markup are no words, and would hide those between them. The text is kept for what is shown of it.
    const windows = [0, ...levels].map((level) => `search_window(tenant_id, ${level}, created_at)`);
    await runner.query(`create table message_texts (
      message_id uuid primary key references messages on delete cascade,
      tenant_id uuid not null,
      session_id uuid not null,
      role text not null check (role in ('user', 'assistant')),
      created_at timestamptz not null,
      text text not null,
      words tsvector not null generated always as (to_tsvector('parley_words', translate(text, '<>', '  '))) stored,
      windows bigint[] not null generated always as (array[${windows.join(', ')}]) stored
    )`);
    await tenantTable(runner, 'message_texts');
    // Operators of words and arrays are not leakproof, so that row-level security keeps those of a statement out of an
    // index condition. Those of its own policy it does not: what is searched for is a part of the scope, as the tenant is,
    // and without it nothing is seen.
    await runner.query(`create policy search on message_texts as restrictive for select using (
      words @@ nullif(current_setting('parley.words', true), '')::tsquery
      and windows && nullif(current_setting('parley.windows', true), '')::bigint[])`);
    // Words within a window of time, of one tenant. A list of waiting entries makes a message cheaper by half than an entry
    // of each word at once; every search reads that list, so it is short.
    await runner.query(`create index message_texts_by_word on message_texts using gin (windows, words)
      with (gin_pending_list_limit = 256)`);
    // The tools that an answer asked for, for the stats of its session: found by its answers.
    await runner.query(`create table message_tools (
      message_id uuid not null references messages on delete cascade,
      name text not null,
      tenant_id uuid not null,
      calls integer not null,
      primary key (message_id, name)
    )`);
    await tenantTable(runner, 'message_tools');
    // How far what is there by now was made findable, in the order of ids; the row goes when all of it is.
    await runner.query('create table earlier_messages (after uuid not null)');
    await runner.query(`insert into earlier_messages values ('00000000-0000-0000-0000-000000000000')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table earlier_messages');
    await runner.query('drop table message_tools');
    await runner.query('drop table message_texts');
    await runner.query('drop function search_window');
    await runner.query('drop text search configuration parley_words');
    await runner.query('drop text search dictionary parley_stems');
  }
}
