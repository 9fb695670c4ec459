import { Injectable } from '@nestjs/common';
import { AppError, type ConcurrencyPolicy, type OpenTurnRequest, type QueuedTurn } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { ProjectDefaults } from '../projects/project-defaults.js';
import { refused, type Session } from '../sessions/session.js';
import type { SessionKey } from '../sessions/sessions.repository.js';
import { newLease } from './lease.js';
import type { Beginner } from './turn.js';
import { TurnQueueRepository, type WaitingTurn } from './turn-queue.repository.js';
import { TurnStops } from './turn-stops.js';
import { TurnTimes } from './turn-times.js';
import { TurnsRepository } from './turns.repository.js';

/** In one session; who comes when there are so many is refused. */
const maxWaiting = 16;

/** When a gateway asks after a waiting turn again. */
export const retryAfterMs = 150;

/** A turn's place among those that wait for its session, which is held. */
export interface HeldPlace {
  readonly session: Session;
  readonly turn: WaitingTurn;
  readonly position: number;
  /** Nobody is before it, and the session is free. */
  readonly isNext: boolean;
}

/** The turns that wait until a session is free, in the order in which they came, whichever instance they came to. */
@Injectable()
export class TurnQueue {
  constructor(
    private readonly queue: TurnQueueRepository,
    private readonly turns: TurnsRepository,
    private readonly stops: TurnStops,
    private readonly defaults: ProjectDefaults,
    private readonly times: TurnTimes,
  ) {}

  /** Those that wait in a session that is held; the ones whose gateway was lost are gone. */
  async waiting(tx: Transaction, key: SessionKey, own?: string): Promise<WaitingTurn[]> {
    const all = await this.queue.inOrder(tx, key, this.times.waitMs);
    const isGone = ({ turnId, lost }: WaitingTurn) => lost && turnId !== own;
    const gone = all.filter(isGone).map(({ turnId }) => turnId);
    if (gone.length > 0) await this.queue.remove(tx, key.tenantId, gone);
    return all.filter((turn) => !isGone(turn));
  }

  /** Puts a turn behind those that wait in its session, which is held. @throws AppError session.busy where it may not wait. */
  async join(
    tx: Transaction,
    session: Session,
    waiting: readonly WaitingTurn[],
    { subject, keyId = null }: Beginner,
    { turn_id: turnId, wait = false }: OpenTurnRequest,
  ): Promise<QueuedTurn> {
    const before = waiting.findIndex((turn) => turn.turnId === turnId);
    const position = before < 0 ? waiting.length : before;
    const policy = await this.policyOf(tx, session);
    if (policy === 'reject' || !wait || position >= maxWaiting) throw refused('session.busy');
    const { lease, leaseHash } = newLease(session.tenantId);
    await Promise.all([
      this.queue.add(tx, session, { turnId, leaseHash, subject, keyId }),
      policy === 'interrupt' && this.stopRunning(tx, session),
    ]);
    return queued(lease, position);
  }

  /** The place of a turn by its lease; undefined where it does not wait. */
  async hold(tx: Transaction, tenantId: string, turnId: string, leaseHash: string): Promise<HeldPlace | undefined> {
    const session = await this.queue.lockSession(tx, tenantId, turnId);
    if (!session) return undefined;
    const waiting = await this.waiting(tx, session, turnId);
    const position = waiting.findIndex((turn) => turn.turnId === turnId && turn.leaseHash === leaseHash);
    const turn = waiting[position];
    return turn && { session, turn, position, isNext: position === 0 && session.openTurnId === null };
  }

  /** Keeps a turn's place. @throws AppError turn.not_found, session.busy once it has waited for too long. */
  async keep(tx: Transaction, tenantId: string, turnId: string, leaseHash: string): Promise<HeldPlace> {
    const place = await this.hold(tx, tenantId, turnId, leaseHash);
    if (!place) throw new AppError('turn.not_found');
    const { session, turn, isNext } = place;
    if (turn.late && !isNext) throw refused('session.busy');
    const [, policy] = await Promise.all([
      this.queue.touch(tx, tenantId, turnId),
      session.openTurnId === null ? undefined : this.policyOf(tx, session),
    ]);
    // One that came from before it since, too.
    if (policy === 'interrupt') await this.stopRunning(tx, session);
    return place;
  }

  /** The turn is opened, or nobody waits for it any more. */
  async leave(tx: Transaction, tenantId: string, turnId: string, leaseHash: string): Promise<void> {
    await this.queue.leave(tx, tenantId, turnId, leaseHash);
  }

  private async policyOf(tx: Transaction, session: Session): Promise<ConcurrencyPolicy> {
    return session.concurrency ?? (await this.defaults.of(tx, session)).concurrency ?? 'reject';
  }

  /** Once. */
  private async stopRunning(tx: Transaction, session: Session): Promise<void> {
    if (session.openTurnId === null) return;
    const running = await this.turns.find(tx, session.tenantId, session.openTurnId);
    if (running?.status === 'open' && !running.stopping) await this.stops.request(tx, session, running);
  }
}

export const queued = (lease: string, position: number): QueuedTurn => ({
  lease,
  queued: { position },
  retry_after_ms: retryAfterMs,
});
