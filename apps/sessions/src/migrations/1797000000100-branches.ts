import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a session was forked from, and the order in which the messages of all its branches came. */
export class Branches1797000000100 implements MigrationInterface {
  readonly name = 'Branches1797000000100';

  async up(runner: QueryRunner): Promise<void> {
    // No foreign key: the source may be deleted, and which it was remains.
    await runner.query('alter table sessions add column forked_session_id uuid, add column forked_message_id uuid');
    // Numbered in the order in which messages are written, so those of a session, whose row is their lock, never have one
    // come behind a higher number. Those that are there have 0, and ids in order; a number each would rewrite the table.
    // No index: every message would pay for it, and the one by session_id reads the tree without its bodies.
    await runner.query('alter table messages add column seq bigint not null default 0');
    await runner.query('create sequence messages_seq owned by messages.seq');
    await runner.query(`alter table messages alter column seq set default nextval('messages_seq')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table messages drop column seq');
    await runner.query('alter table sessions drop column forked_session_id, drop column forked_message_id');
  }
}
