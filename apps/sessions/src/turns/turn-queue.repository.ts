import { Injectable } from '@nestjs/common';
import type { Transaction } from '@parley/persistence';
import { sessionColumns, type SessionKey } from '../sessions/sessions.repository.js';
import type { Session } from '../sessions/session.js';
import type { Beginner } from './turn.js';

/** A turn whose gateway has not asked after it for so long is passed over. */
const lostMs = 3_000;

export const inOrder = {
  name: 'turn_queue',
  text: `select turn_id as "turnId", lease_hash as "leaseHash", subject, api_key_id as "keyId",
      seen_at < clock_timestamp() - ${lostMs} * interval '1 millisecond' as lost,
      first_seen < clock_timestamp() - $3 * interval '1 millisecond' as late
    from turn_queue where tenant_id = $1 and session_id = $2 order by place`,
};
const lockSession = {
  name: 'turn_queue_session_lock',
  text: `select ${sessionColumns} from sessions s
    where s.tenant_id = $1 and s.id = (select session_id from turn_queue where tenant_id = $1 and turn_id = $2)
    for update of s`,
};

/** What gateways that were lost left behind, in sessions that nobody has asked in since. For every tenant. */
export const forgetLost = `delete from turn_queue where (tenant_id, turn_id) in (
  select tenant_id, turn_id from turn_queue where seen_at < clock_timestamp() - interval '1 minute' for update skip locked)`;

/** A turn that waits for its session. */
export interface WaitingTurn extends Required<Beginner> {
  readonly turnId: string;
  readonly leaseHash: string;
  /** Its gateway does not ask after it any more. */
  readonly lost: boolean;
  /** It has waited for as long as turns do. */
  readonly late: boolean;
}

/** Whoever writes here, but for one that leaves, holds the session's row: so places are in the order in which turns came. */
@Injectable()
export class TurnQueueRepository {
  /** Every turn that waits in the session, the first one first. */
  inOrder(tx: Transaction, { tenantId, id }: SessionKey, waitMs: number): Promise<WaitingTurn[]> {
    return tx.query<WaitingTurn>(inOrder, [tenantId, id, waitMs]);
  }

  /** The session that the turn waits for, locked. */
  async lockSession(tx: Transaction, tenantId: string, turnId: string): Promise<Session | undefined> {
    const [session] = await tx.query<Session>(lockSession, [tenantId, turnId]);
    return session;
  }

  /** One that is there already keeps its place, and has the new lease. */
  async add(tx: Transaction, { tenantId, id }: SessionKey, turn: Omit<WaitingTurn, 'lost' | 'late'>): Promise<void> {
    await tx.query(
      `insert into turn_queue (tenant_id, session_id, turn_id, lease_hash, subject, api_key_id)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (tenant_id, turn_id) do update set lease_hash = excluded.lease_hash, seen_at = clock_timestamp()
       where turn_queue.session_id = excluded.session_id`,
      [tenantId, id, turn.turnId, turn.leaseHash, turn.subject, turn.keyId],
    );
  }

  async touch(tx: Transaction, tenantId: string, turnId: string): Promise<void> {
    await tx.query('update turn_queue set seen_at = clock_timestamp() where tenant_id = $1 and turn_id = $2', [
      tenantId,
      turnId,
    ]);
  }

  async remove(tx: Transaction, tenantId: string, turnIds: readonly string[]): Promise<void> {
    await tx.query('delete from turn_queue where tenant_id = $1 and turn_id = any ($2)', [tenantId, turnIds]);
  }

  async leave(tx: Transaction, tenantId: string, turnId: string, leaseHash: string): Promise<void> {
    await tx.query('delete from turn_queue where tenant_id = $1 and turn_id = $2 and lease_hash = $3', [
      tenantId,
      turnId,
      leaseHash,
    ]);
  }
}
