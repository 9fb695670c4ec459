import { Injectable } from '@nestjs/common';
import type { Transaction } from '@parley/persistence';
import { LiveStreams } from '../live/live-streams.js';
import { wholeTreeMs, type Session } from './session.js';

/** For statements that return sessions; `s` is the table. */
export const sessionColumns = `s.tenant_id as "tenantId", s.id, s.project_id as "projectId", s.name, s.model, s.tags,
  s.concurrency, s.context, s.status, s.head_id as "headId", s.next_position as "nextPosition", s.bytes,
  s.left_bytes as "leftBytes", s.open_turn_id as "openTurnId", s.created_at as "createdAt", s.updated_at as "updatedAt",
  s.last_active_at as "lastActiveAt", s.archived_at as "archivedAt",
  s.forked_session_id as "forkedSessionId", s.forked_message_id as "forkedMessageId"`;

const one = { name: 'session', text: `select ${sessionColumns} from sessions s where s.tenant_id = $1 and s.id = $2` };
const lockOne = { name: 'session_lock', text: `${one.text} for update` };
export const lockFree = {
  name: 'sessions_lock_free',
  text: `select ${sessionColumns} from sessions s
    join (select distinct * from unnest($1::uuid[], $2::uuid[]) as r (tenant_id, id)) r
      on s.tenant_id = r.tenant_id and s.id = r.id
    for update of s skip locked`,
};
export const move = {
  name: 'sessions_move',
  text: `update sessions s
    set head_id = r.head_id, next_position = r.next_position, bytes = r.bytes, left_bytes = r.left_bytes, open_turn_id = r.open_turn_id,
      updated_at = now(), last_active_at = now(), status = case when s.archived_at is null then 'active' else s.status end
    from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::int[], $6::int[], $7::uuid[])
      as r (tenant_id, id, head_id, next_position, bytes, left_bytes, open_turn_id)
    where s.tenant_id = r.tenant_id and s.id = r.id`,
};

export type SessionKey = Pick<Session, 'tenantId' | 'id'>;
export type SessionDetails = Pick<Session, 'name' | 'model' | 'projectId' | 'tags' | 'concurrency' | 'context'>;

const paramsOf = ({
  tenantId,
  id,
  name,
  model,
  projectId,
  tags,
  concurrency,
  context,
}: SessionKey & SessionDetails) => [...[tenantId, id, name, model, projectId, tags], ...[concurrency, context]];

@Injectable()
export class SessionsRepository {
  constructor(private readonly live: LiveStreams) {}

  async add(tx: Transaction, { tenantId, id }: SessionKey, details: SessionDetails): Promise<Session | undefined> {
    const [row] = await tx.query<Session>(
      `insert into sessions as s (tenant_id, id, name, model, project_id, tags, concurrency, context)
       values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${sessionColumns}`,
      paramsOf({ ...details, tenantId, id }),
    );
    return row;
  }

  async find(tx: Transaction, { tenantId, id }: SessionKey): Promise<Session | undefined> {
    const [row] = await tx.query<Session>(one, [tenantId, id]);
    return row;
  }

  /** Locked until the transaction ends. */
  async lock(tx: Transaction, { tenantId, id }: SessionKey): Promise<Session | undefined> {
    const [row] = await tx.query<Session>(lockOne, [tenantId, id]);
    return row;
  }

  /** Locks those that nobody else has; it never waits, so it cannot meet another in a deadlock. */
  lockFree(tx: Transaction, keys: readonly SessionKey[]): Promise<Session[]> {
    return tx.query<Session>(lockFree, [keys.map(({ tenantId }) => tenantId), keys.map(({ id }) => id)]);
  }

  /** Keeps where the conversations stand. */
  async move(tx: Transaction, ...sessions: readonly Session[]): Promise<void> {
    await tx.query(move, [
      sessions.map(({ tenantId }) => tenantId),
      sessions.map(({ id }) => id),
      sessions.map(({ headId }) => headId),
      sessions.map(({ nextPosition }) => nextPosition),
      sessions.map(({ bytes }) => bytes),
      sessions.map(({ leftBytes }) => leftBytes),
      sessions.map(({ openTurnId }) => openTurnId),
    ]);
  }

  async update(tx: Transaction, session: Session): Promise<Session | undefined> {
    const [row] = await tx.query<Session>(
      `update sessions s set name = $3, model = $4, project_id = $5, tags = $6, concurrency = $7, context = $8,
         updated_at = now()
       where tenant_id = $1 and id = $2 returning ${sessionColumns}`,
      paramsOf(session),
    );
    return row;
  }

  async archive(tx: Transaction, { tenantId, id }: SessionKey): Promise<Session | undefined> {
    const [row] = await tx.query<Session>(
      `update sessions s set status = 'archived', archived_at = now(), updated_at = now()
       where tenant_id = $1 and id = $2 returning ${sessionColumns}`,
      [tenantId, id],
    );
    return row;
  }

  async restore(tx: Transaction, { tenantId, id }: SessionKey): Promise<Session | undefined> {
    const [row] = await tx.query<Session>(
      `update sessions s set status = 'active', archived_at = null, updated_at = now(), last_active_at = now()
       where tenant_id = $1 and id = $2 returning ${sessionColumns}`,
      [tenantId, id],
    );
    return row;
  }

  /** With its messages and turns. */
  async remove(tx: Transaction, { tenantId, id }: SessionKey): Promise<Session | undefined> {
    this.live.deleted(tx, { tenantId, sessionId: id });
    await tx.allow(wholeTreeMs);
    const [row] = await tx.query<Session>(
      `delete from sessions s where tenant_id = $1 and id = $2 returning ${sessionColumns}`,
      [tenantId, id],
    );
    return row;
  }

  /** Whether there is such a project; it stays until the transaction ends. */
  async keepProject(tx: Transaction, tenantId: string, projectId: string): Promise<boolean> {
    const rows = await tx.query('select from projects where tenant_id = $1 and id = $2 for key share', [
      tenantId,
      projectId,
    ]);
    return rows.length > 0;
  }
}
