import { Injectable } from '@nestjs/common';
import type { Transaction } from '@parley/persistence';
import type { SessionKey } from '../sessions/sessions.repository.js';
import type { NewMessage, StoredMessage, TreeMessage } from './message.js';

const columns = `tenant_id as "tenantId", session_id as "sessionId", id, parent_id as "parentId", turn_id as "turnId",
  position, role, body, bytes, status, model, tokens, cost_usd as "costUsd",
  duration_ms as "durationMs", stop, context, created_at as "createdAt"`;

/** What a copy of a message has of it: everything but its place. */
export const carriedColumns =
  'turn_id, role, body, bytes, status, model, tokens, cost_usd, duration_ms, stop, created_at';

const insert = {
  name: 'messages_insert',
  text: `insert into messages (tenant_id, session_id, id, parent_id, turn_id, position, role, body, bytes, status, model,
      tokens, cost_usd, duration_ms, stop, context, created_at)
    select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::int[], $7::text[], $8::json[],
      $9::int[], $10::text[], $11::text[], $12::json[], $13::text[], $14::int[], $15::json[], $16::json[],
      $17::timestamptz[])`,
};

const rewrite = {
  name: 'message_rewrite',
  text: `update messages m set body = $3, bytes = $4, status = $5, model = $6, tokens = $7, stop = $8,
      context = $9, cost_usd = $10, duration_ms = $11
    from (select id, bytes from messages where tenant_id = $1 and id = $2) before
    where m.tenant_id = $1 and m.id = before.id returning before.bytes`,
};

const leaveBehind = `with gone as (
    update messages set position = null
    where tenant_id = $1 and session_id = $2 and turn_id = $3 and position is not null returning bytes)
  select coalesce(sum(bytes), 0)::int as bytes from gone`;

const conversation = `select ${columns} from messages where tenant_id = $1 and session_id = $2`;

/** What is chosen of a conversation, in number and in bytes; the first in any case. */
export interface Portion {
  readonly limit: number;
  readonly maxBytes: number;
}

/** Bodies are stored beside the row, and of those that are not chosen none is read. */
const portion = (order: 'asc' | 'desc', condition: string) => `
  select ${columns}, "hasNext" from (
    select *, sum(bytes) over so_far as so_far, lead(id) over so_far is not null as "hasNext"
    from messages where tenant_id = $1 and session_id = $2 and ${condition}
    window so_far as (order by position ${order} rows unbounded preceding) order by position ${order} limit $3) first
  where so_far <= $4 or so_far = bytes order by position`;

/** As {@link portion}, of every branch, in the order in which the messages came; see the migration for `seq`. */
const treePortion = `
  select ${columns}, number as seq, "hasNext" from (
    select id, seq::float8 as number, bytes as size, sum(bytes) over so_far as so_far,
      lead(id) over so_far is not null as "hasNext"
    from (select id, seq, bytes from messages
      where tenant_id = $1 and session_id = $2 and (seq, id) > ($5, $6::uuid) order by seq, id limit $3 + 1) first
    window so_far as (order by seq, id rows unbounded preceding) limit $3) chosen
  join messages using (id) where so_far <= $4 or so_far = size order by number, id`;

/** For tests of their plans at size. */
export const reads = {
  conversation: `${conversation} and position is not null order by position`,
  newest: portion('desc', 'position is not null'),
  page: portion('asc', 'position > $5'),
  tree: treePortion,
};

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
      messages.map((message) => message.bytes),
      messages.map((message) => message.status),
      messages.map((message) => message.model),
      messages.map((message) => json(message.tokens)),
      messages.map((message) => message.costUsd),
      messages.map((message) => message.durationMs),
      messages.map((message) => json(message.stop)),
      messages.map((message) => json(message.context)),
      messages.map((message) => message.createdAt),
    ]);
  }

  /** What an answer says and what became of it; its place stays. Answers the bytes that it had. */
  async rewrite(tx: Transaction, tenantId: string, answer: Omit<NewMessage, 'createdAt'>): Promise<number> {
    const { id, body, bytes, status, model, tokens, stop, context, costUsd, durationMs } = answer;
    const says = [
      JSON.stringify(body),
      bytes,
      status,
      model,
      json(tokens),
      json(stop),
      json(context),
      costUsd,
      durationMs,
    ];
    const [before] = await tx.query<{ bytes: number }>(rewrite, [tenantId, id, ...says]);
    return before?.bytes ?? 0;
  }

  /** The whole conversation, oldest first. */
  conversation(tx: Transaction, { tenantId, id }: SessionKey): Promise<StoredMessage[]> {
    return tx.query<StoredMessage>(reads.conversation, [tenantId, id]);
  }

  /** The last messages of the conversation, oldest first. */
  newest(tx: Transaction, { tenantId, id }: SessionKey, { limit, maxBytes }: Portion): Promise<StoredMessage[]> {
    return tx.query<StoredMessage>(reads.newest, [tenantId, id, limit, maxBytes]);
  }

  /** The next messages of the conversation behind a position, oldest first, each with whether another follows. */
  page(
    tx: Transaction,
    { tenantId, id }: SessionKey,
    { limit, maxBytes }: Portion,
    after: number,
  ): Promise<(StoredMessage & { readonly hasNext: boolean })[]> {
    return tx.query(reads.page, [tenantId, id, limit, maxBytes, after]);
  }

  /** The next messages of all branches behind a place, in the order in which they came. */
  treePage(
    tx: Transaction,
    { tenantId, id }: SessionKey,
    { limit, maxBytes }: Portion,
    [seq, messageId]: readonly [number, string],
  ): Promise<(TreeMessage & { readonly seq: number; readonly hasNext: boolean })[]> {
    return tx.query(reads.tree, [tenantId, id, limit, maxBytes, seq, messageId]);
  }

  /** What the turn added stays in the tree, and leaves the conversation; answers how many bytes that takes from it. */
  async leaveBehind(tx: Transaction, { tenantId, id }: SessionKey, turnId: string): Promise<number> {
    const [gone] = await tx.query<{ bytes: number }>(leaveBehind, [tenantId, id, turnId]);
    return gone?.bytes ?? 0;
  }
}

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
