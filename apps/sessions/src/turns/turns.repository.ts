import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@parley/persistence';
import { LiveStreams } from '../live/live-streams.js';
import { sessionColumns } from '../sessions/sessions.repository.js';
import type { Session } from '../sessions/session.js';
import { ofAnotherSession, type OpenTurn, type Turn } from './turn.js';

const columns = `tenant_id as "tenantId", id, session_id as "sessionId", status, reason, model, request_id as "requestId",
  base_id as "baseId", answer_id as "answerId", opened_at as "openedAt", ended_at as "endedAt",
  subject, api_key_id as "apiKeyId", dialect, streamed, input_tokens as "inputTokens", usage,
  stop_requested_at is not null as stopping`;

const sessionOf = (lock: string) => `select ${sessionColumns} from sessions s
  where s.tenant_id = $1 and s.id = (select session_id from turns where tenant_id = $1 and id = $2) ${lock}`;
const lockSession = { name: 'turn_session_lock', text: sessionOf('for update of s') };
const lockFreeSession = { name: 'turn_session_lock_free', text: sessionOf('for update of s skip locked') };
const now = 'clock_timestamp() as now';
const byLease = {
  name: 'turn_by_lease',
  text: `select ${columns}, ${now} from turns where tenant_id = $1 and id = $2 and $3 = any (lease_hashes)`,
};
const expired = {
  name: 'turn_expired',
  text: `select ${columns}, ${now} from turns
    where tenant_id = $1 and id = $2 and status = 'open' and lease_until < clock_timestamp()`,
};
/**
 * The model is given what the last answer took and made, by its provider's own count, and what is new. The answer is looked
 * for among the last 20 messages.
 */
export const add = {
  name: 'turn_add',
  text: `insert into turns (tenant_id, id, session_id, status, model, request_id, base_id, lease_hashes, lease_until,
      subject, api_key_id, dialect, streamed, input_tokens)
    values ($1, $2, $3, 'open', $4, $5, $6, array[$7], clock_timestamp() + $8 * interval '1 millisecond',
      $9, $10, $11, $12, $13::int + coalesce((
        select (tokens->>'input')::int + (tokens->>'cache_read')::int + (tokens->>'cache_write')::int + (tokens->>'output')::int
        from (select tokens from messages where tenant_id = $1 and session_id = $3 and position is not null
          order by position desc limit 20) last
        where tokens is not null limit 1), 0))
    on conflict (tenant_id, id) do nothing returning id`,
};
const save = {
  name: 'turn_save',
  text: `update turns set status = $3, reason = $4, answer_id = $5, ended_at = $6, usage = $8,
      lease_until = case when $3 = 'open' and stop_requested_at is null then clock_timestamp() + $7 * interval '1 millisecond'
        else lease_until end
    where tenant_id = $1 and id = $2`,
};

/** Without Redis, a gateway hears of a stop with its next checkpoint, a second later at the most. */
const stopMs = 2_000;

/** A turn with the session that it holds, locked; `now` is the database's time, by which leases run for all instances. */
export interface HeldTurn<T extends Turn = Turn> {
  readonly session: Session;
  readonly turn: T;
  readonly now: Date;
}

export type NewTurn = Omit<OpenTurn, 'status' | 'answerId' | 'openedAt' | 'stopping' | 'usage'>;

type Timed<T extends Turn> = T & { readonly now: Date };

/** Whoever writes a turn holds its session's row, so that no two do at a time. Who reads along is told of its life. */
@Injectable()
export class TurnsRepository {
  constructor(
    private readonly database: Database,
    private readonly live: LiveStreams,
  ) {}

  inTenant<T>(tenantId: string, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.inTenant(tenantId, fn);
  }

  async find(tx: Transaction, tenantId: string, id: string): Promise<Turn | undefined> {
    const [row] = await tx.query<Turn>(`select ${columns} from turns where tenant_id = $1 and id = $2`, [tenantId, id]);
    return row;
  }

  /** The turn whose lease this is. */
  async hold(tx: Transaction, tenantId: string, id: string, leaseHash: string): Promise<HeldTurn | undefined> {
    const [[session], [row]] = await Promise.all([
      tx.query<Session>(lockSession, [tenantId, id]),
      tx.query<Timed<Turn>>(byLease, [tenantId, id, leaseHash]),
    ]);
    return session && row && held(session, row);
  }

  /** The turn, if it is still to be interrupted and nobody else is about to. */
  async holdExpired(tx: Transaction, tenantId: string, id: string): Promise<HeldTurn<OpenTurn> | undefined> {
    const [[session], [row]] = await Promise.all([
      tx.query<Session>(lockFreeSession, [tenantId, id]),
      tx.query<Timed<OpenTurn>>(expired, [tenantId, id]),
    ]);
    return session && row && held(session, row);
  }

  /** @throws AppError request.invalid where another session is just getting a turn of the same id. */
  async add(tx: Transaction, turn: NewTurn, lease: { readonly hash: string; readonly ms: number }): Promise<void> {
    const { tenantId, id, sessionId, model, requestId, baseId } = turn;
    const { subject, apiKeyId, dialect, streamed, inputTokens } = turn;
    this.live.opened(tx, turn, id);
    const added = await tx.query(add, [
      ...[tenantId, id, sessionId, model, requestId, baseId, lease.hash, lease.ms],
      ...[subject, apiKeyId, dialect, streamed, inputTokens],
    ]);
    if (added.length === 0) throw ofAnotherSession();
  }

  /** One more credential beside those that were given: which of them arrived is not known. */
  async addLease(tx: Transaction, { tenantId, id }: Turn, leaseHash: string): Promise<void> {
    await tx.query('update turns set lease_hashes = lease_hashes || $3::text where tenant_id = $1 and id = $2', [
      tenantId,
      id,
      leaseHash,
    ]);
  }

  /** From here on checkpoints do not extend its lease: whoever answers it has `stopMs` to end it. */
  async requestStop(tx: Transaction, tenantId: string, id: string): Promise<void> {
    await tx.query(
      `update turns set stop_requested_at = coalesce(stop_requested_at, clock_timestamp()),
         lease_until = least(lease_until, clock_timestamp() + $3 * interval '1 millisecond')
       where tenant_id = $1 and id = $2 and status = 'open'`,
      [tenantId, id, stopMs],
    );
  }

  /** An open turn is kept for another `leaseMs`, unless it is to stop. */
  async save(tx: Transaction, turn: Turn, leaseMs: number): Promise<void> {
    const { tenantId, id, status, answerId, usage } = turn;
    const reason = turn.status === 'interrupted' ? turn.reason : null;
    const endedAt = turn.status === 'open' ? null : turn.endedAt;
    if (endedAt !== null) this.live.ended(tx, turn, id);
    await tx.query(save, [tenantId, id, status, reason, answerId, endedAt, leaseMs, usage]);
  }
}

const held = <T extends Turn>(session: Session, { now: at, ...turn }: Timed<T>): HeldTurn<T> => ({
  session,
  turn: turn as unknown as T,
  now: at,
});
