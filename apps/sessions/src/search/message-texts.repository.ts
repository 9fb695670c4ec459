import { Injectable } from '@nestjs/common';
import type { Transaction } from '@parley/persistence';
import type { MessageBody } from '../messages/message.js';

/** A message that may be found, before it is read. */
export interface Listed {
  readonly id: string;
  readonly bytes: number;
}

export interface Readable {
  readonly id: string;
  readonly role: 'user' | 'assistant';
  readonly body: MessageBody;
}

interface Words {
  readonly messageId: string;
  readonly text: string;
}

interface ToolUse {
  readonly messageId: string;
  readonly name: string;
  readonly calls: number;
}

const spoken = `tenant_id = $1 and role in ('user', 'assistant')`;
const listed = {
  name: 'texts_listed',
  text: `select id, bytes from messages where ${spoken} and id = any ($2::uuid[])`,
};
const ofSession = `select id, bytes from messages where ${spoken} and session_id = $2`;
/**
 * They stay until the transaction ends. Those that somebody is deleting, or moving to another branch, are left out: who
 * waits for one message and has another may be waited for.
 */
const read = {
  name: 'texts_read',
  text: `select id, role, body from messages where ${spoken} and id = any ($2::uuid[]) for key share skip locked`,
};

/** A message that is there already stays, and one that was deleted meanwhile is not there. */
const addWords = {
  name: 'texts_add',
  text: `insert into message_texts (message_id, tenant_id, session_id, role, created_at, text)
    select m.id, m.tenant_id, m.session_id, m.role, m.created_at, w.text
    from unnest($2::uuid[], $3::text[]) as w (id, text) join messages m on m.tenant_id = $1 and m.id = w.id
    on conflict do nothing`,
};
const addTools = {
  name: 'tool_uses_add',
  text: `insert into message_tools (message_id, tenant_id, name, calls)
    select m.id, m.tenant_id, t.name, t.calls from unnest($2::uuid[], $3::text[], $4::int[]) as t (id, name, calls)
    join messages m on m.tenant_id = $1 and m.id = t.id
    on conflict do nothing`,
};

@Injectable()
export class MessageTextsRepository {
  listed(tx: Transaction, tenantId: string, messageIds: readonly string[]): Promise<Listed[]> {
    return tx.query<Listed>(listed, [tenantId, messageIds]);
  }

  listedOfSession(tx: Transaction, tenantId: string, sessionId: string): Promise<Listed[]> {
    return tx.query<Listed>(ofSession, [tenantId, sessionId]);
  }

  read(tx: Transaction, tenantId: string, messageIds: readonly string[]): Promise<Readable[]> {
    return tx.query<Readable>(read, [tenantId, messageIds]);
  }

  async addWords(tx: Transaction, tenantId: string, words: readonly Words[]): Promise<void> {
    await tx.query(addWords, [tenantId, words.map(({ messageId }) => messageId), words.map(({ text }) => text)]);
  }

  async addTools(tx: Transaction, tenantId: string, uses: readonly ToolUse[]): Promise<void> {
    await tx.query(addTools, [
      tenantId,
      uses.map(({ messageId }) => messageId),
      uses.map(({ name }) => name),
      uses.map(({ calls }) => calls),
    ]);
  }
}
