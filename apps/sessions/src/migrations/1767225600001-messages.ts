import { tenantTable } from '@parley/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Messages: a tree by parent_id, of which one path is the conversation. */
export class Messages1767225600001 implements MigrationInterface {
  readonly name = 'Messages1767225600001';

  async up(runner: QueryRunner): Promise<void> {
    // `position` numbers the conversation, and is null for what was left behind on another branch: reading needs no walk
    // up the tree. Positions are never given twice, so that nobody who pages misses a message.
    // `body` is json, not jsonb: that reorders keys, by which providers' prompt caches miss, and knows no \u0000.
    // `bytes` is what the message counts in its conversation; a page is chosen by it, without a body being read.
    await runner.query(`create table messages (
      id uuid primary key,
      tenant_id uuid not null,
      session_id uuid not null,
      parent_id uuid,
      turn_id uuid,
      position integer,
      role text not null check (role in ('system', 'developer', 'user', 'assistant')),
      body json not null,
      bytes integer not null,
      status text not null check (status in ('complete', 'interrupted')),
      model text,
      tokens json,
      stop json,
      created_at timestamptz not null default now(),
      foreign key (tenant_id, session_id) references sessions on delete cascade
    )`);
    // Reads a conversation in order, from either end; keeps two messages from one place; finds what a deletion takes along.
    await runner.query(`create unique index messages_in_order on messages (session_id, position)`);
    await tenantTable(runner, 'messages');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table messages');
  }
}
