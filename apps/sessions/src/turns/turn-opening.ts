import { Injectable } from '@nestjs/common';
import {
  AppError,
  type Identity,
  type OpenedTurn,
  type OpenTurnRequest,
  type OpenWaitingTurnRequest,
  type QueuedTurn,
  type WaitingTurn,
  type WaitingTurnRequest,
} from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { LiveStreams } from '../live/live-streams.js';
import { found } from '../sessions/session.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { readLease } from './lease.js';
import { TurnBeginning } from './turn-beginning.js';
import { queued, retryAfterMs, TurnQueue } from './turn-queue.js';
import { TurnsRepository } from './turns.repository.js';

/** Opens turns for gateways, at once or when they have waited for those before them. */
@Injectable()
export class TurnOpening {
  constructor(
    private readonly turns: TurnsRepository,
    private readonly sessions: SessionsRepository,
    private readonly beginning: TurnBeginning,
    private readonly queue: TurnQueue,
    private readonly live: LiveStreams,
  ) {}

  /** Opening a turn that is open answers the same, with a lease of its own. @throws AppError as `openTurn` says. */
  open(caller: Identity, sessionId: string, request: OpenTurnRequest): Promise<OpenedTurn | QueuedTurn> {
    const { tenantId } = caller;
    const key = { tenantId, id: sessionId };
    return this.told(tenantId, async (tx) => {
      const [row, known, waiting] = await Promise.all([
        this.sessions.lock(tx, key),
        this.turns.find(tx, tenantId, request.turn_id),
        this.queue.waiting(tx, key),
      ]);
      const session = found(row);
      if (known) return this.beginning.beginAgain(tx, session, known);
      const isBusy = session.openTurnId !== null || waiting.length > 0;
      if (isBusy && session.status !== 'archived') return this.queue.join(tx, session, waiting, caller, request);
      return this.beginning.begin(tx, session, { by: caller, request });
    });
  }

  /** @throws AppError as `awaitTurn` says. */
  wait(turnId: string, request: WaitingTurnRequest): Promise<WaitingTurn> {
    const { tenantId, leaseHash } = readLease(request.lease);
    return this.turns.inTenant(tenantId, async (tx) => {
      const { position, isNext } = await this.queue.keep(tx, tenantId, turnId, leaseHash);
      return { position, may_open: isNext, retry_after_ms: retryAfterMs };
    });
  }

  leave(turnId: string, request: WaitingTurnRequest): Promise<void> {
    const { tenantId, leaseHash } = readLease(request.lease);
    return this.turns.inTenant(tenantId, (tx) => this.queue.leave(tx, tenantId, turnId, leaseHash));
  }

  /** As {@link open}, by the lease that the turn has had since it began to wait. @throws AppError also turn.not_found. */
  openWaiting(turnId: string, { lease, ...rest }: OpenWaitingTurnRequest): Promise<OpenedTurn | QueuedTurn> {
    const { tenantId, leaseHash } = readLease(lease);
    return this.told(tenantId, async (tx) => {
      const place = await this.queue.hold(tx, tenantId, turnId, leaseHash);
      if (!place) {
        const held = await this.turns.hold(tx, tenantId, turnId, leaseHash);
        if (!held) throw new AppError('turn.not_found');
        return this.beginning.beginAgain(tx, held.session, held.turn);
      }
      const { session, turn: by, position, isNext } = place;
      if (!isNext) return queued(lease, position);
      await this.queue.leave(tx, tenantId, turnId, leaseHash);
      const request = { ...rest, turn_id: turnId };
      return this.beginning.begin(tx, session, { by, request, lease: { lease, leaseHash } });
    });
  }

  /** Before the gateway has its turn, there is the stream that it feeds. */
  private async told<T>(tenantId: string, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    const { tx, opened } = await this.turns.inTenant(tenantId, async (tx) => ({ tx, opened: await fn(tx) }));
    await this.live.settled(tx);
    return opened;
  }
}
