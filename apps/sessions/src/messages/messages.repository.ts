import { Injectable } from '@nestjs/common';
import type { Transaction } from '@parley/persistence';
import type { SessionKey } from '../sessions/sessions.repository.js';
import type { NewMessage, StoredMessage } from './message.js';

const columns = `tenant_id as "tenantId", session_id as "sessionId", id, parent_id as "parentId", turn_id as "turnId",
  position, role, body, status, model, tokens, stop, created_at as "createdAt"`;

const insert = {
  name: 'messages_insert',
  text: `insert into messages (tenant_id, session_id, id, parent_id, turn_id, position, role, body, status, model, tokens,
      stop, created_at)
    select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::int[], $7::text[], $8::json[],
      $9::text[], $10::text[], $11::json[], $12::json[], $13::timestamptz[])`,
};

const rewrite = {
  name: 'message_rewrite',
  text: `update messages set body = $3, status = $4, model = $5, tokens = $6, stop = $7 where tenant_id = $1 and id = $2`,
};

const conversation = `select ${columns} from messages where tenant_id = $1 and session_id = $2`;

@Injectable()
export class MessagesRepository {
  async add(tx: Transaction, messages: readonly StoredMessage[]): Promise<void> {
    await tx.query(insert, [
      messages.map((message) => message.tenantId),
      messages.map((message) => message.sessionId),
      messages.map((message) => message.id),
      messages.map((message) => message.parentId),
      messages.map((message) => message.turnId),
      messages.map((message) => message.position),
      messages.map((message) => message.role),
      messages.map((message) => JSON.stringify(message.body)),
      messages.map((message) => message.status),
      messages.map((message) => message.model),
      messages.map((message) => json(message.tokens)),
      messages.map((message) => json(message.stop)),
      messages.map((message) => message.createdAt),
    ]);
  }

  /** What an answer says and what became of it; its place stays. */
  async rewrite(tx: Transaction, tenantId: string, answer: Omit<NewMessage, 'createdAt'>): Promise<void> {
    const { id, body, status, model, tokens, stop } = answer;
    await tx.query(rewrite, [tenantId, id, JSON.stringify(body), status, model, json(tokens), json(stop)]);
  }

  /** The whole conversation, oldest first. */
  conversation(tx: Transaction, { tenantId, id }: SessionKey): Promise<StoredMessage[]> {
    return tx.query<StoredMessage>(`${conversation} and position is not null order by position`, [tenantId, id]);
  }

  /** The last `limit` messages of the conversation, oldest first. */
  newest(tx: Transaction, { tenantId, id }: SessionKey, limit: number): Promise<StoredMessage[]> {
    return tx.query<StoredMessage>(
      `select * from (${conversation} and position is not null order by position desc limit $3) newest order by position`,
      [tenantId, id, limit],
    );
  }

  /** At most `limit` messages of the conversation behind a position, oldest first. */
  page(tx: Transaction, { tenantId, id }: SessionKey, limit: number, after: number): Promise<StoredMessage[]> {
    return tx.query<StoredMessage>(`${conversation} and position > $3 order by position limit $4`, [
      tenantId,
      id,
      after,
      limit,
    ]);
  }

  /** What the turn added stays in the tree, and leaves the conversation. */
  async leaveBehind(tx: Transaction, { tenantId, id }: SessionKey, turnId: string): Promise<void> {
    await tx.query('update messages set position = null where tenant_id = $1 and session_id = $2 and turn_id = $3', [
      tenantId,
      id,
      turnId,
    ]);
  }
}

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
