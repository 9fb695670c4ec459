import { Injectable } from '@nestjs/common';
import type { Transaction } from '@parley/persistence';
import type { Append, KnownAppend } from './append.js';

const lifetime = `interval '24 hours'`;

export const findKeys = {
  name: 'append_keys',
  text: `select k.tenant_id as "tenantId", k.session_id as "sessionId", k.key, k.request_hash as "requestHash",
      m.id, m.parent_id as "parentId", m.position, m.created_at as "createdAt"
    from unnest($1::uuid[], $2::uuid[], $3::text[]) as r (tenant_id, session_id, key)
      join append_keys k on k.tenant_id = r.tenant_id and k.session_id = r.session_id and k.key = r.key
      join messages m on m.tenant_id = k.tenant_id and m.id = k.message_id
    where k.created_at > now() - ${lifetime}`,
};

/** What is there under the same key is too old to be found. */
const insert = {
  name: 'append_keys_insert',
  text: `insert into append_keys (tenant_id, session_id, key, request_hash, message_id)
    select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[])
    on conflict (tenant_id, session_id, key) do update
      set request_hash = excluded.request_hash, message_id = excluded.message_id, created_at = excluded.created_at`,
};

/** Deletes keys that no longer stand for anything; a batch at a time. */
export const oldKeys = (batch: number) => `delete from append_keys where (tenant_id, session_id, key) in (
    select tenant_id, session_id, key from append_keys where created_at < now() - ${lifetime}
    order by created_at limit ${batch}) returning 1`;

/** Idempotency keys. Who reads or adds those of a session holds its row. */
@Injectable()
export class AppendKeysRepository {
  /** What was appended under the keys of these. */
  async find(tx: Transaction, appends: readonly Append[]): Promise<KnownAppend[]> {
    const keyed = appends.flatMap(({ tenantId, sessionId, key }) => (key ? [[tenantId, sessionId, key.key]] : []));
    if (keyed.length === 0) return [];
    return tx.query<KnownAppend>(findKeys, columnsOf(keyed, 3));
  }

  async add(tx: Transaction, appends: readonly Append[]): Promise<void> {
    const keyed = appends.flatMap(({ tenantId, sessionId, key, message }) =>
      key ? [[tenantId, sessionId, key.key, key.requestHash, message.id]] : [],
    );
    if (keyed.length > 0) await tx.query(insert, columnsOf(keyed, 5));
  }
}

const columnsOf = (rows: readonly (readonly string[])[], count: number) =>
  Array.from({ length: count }, (_, column) => rows.map((row) => row[column]));
