import { Injectable } from '@nestjs/common';
import {
  AppError,
  type CheckpointTurnRequest,
  type CompleteTurnRequest,
  type Identity,
  type InterruptTurnRequest,
  type OpenedTurn,
  type OpenTurnRequest,
} from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { Conversations } from '../messages/conversations.js';
import { said } from '../messages/message.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { refusalOf, refused, type Session } from '../sessions/session.js';
import { contextOf } from './context.js';
import { newLease, readLease } from './lease.js';
import { assertOpen, type Turn } from './turn.js';
import { TurnEnding } from './turn-ending.js';
import { TurnTimes } from './turn-times.js';
import { TurnsRepository, type HeldTurn } from './turns.repository.js';

/** The life of a turn, as the gateway that answers it leads it. */
@Injectable()
export class TurnsService {
  constructor(
    private readonly turns: TurnsRepository,
    private readonly sessions: SessionsRepository,
    private readonly conversations: Conversations,
    private readonly ending: TurnEnding,
    private readonly times: TurnTimes,
  ) {}

  /** Opening a turn that is open answers the same, with a lease of its own. @throws AppError as `openTurn` says. */
  open({ tenantId }: Identity, sessionId: string, request: OpenTurnRequest): Promise<OpenedTurn> {
    return this.turns.inTenant(tenantId, async (tx) => {
      const [session, known] = await Promise.all([
        this.sessions.lock(tx, { tenantId, id: sessionId }),
        this.turns.find(tx, tenantId, request.turn_id),
      ]);
      if (!session) throw new AppError('session.not_found');
      return known ? this.openAgain(tx, session, known) : this.openNew(tx, session, request);
    });
  }

  /** @throws AppError turn.not_found, turn.ended. */
  checkpoint(turnId: string, { lease, content, model }: CheckpointTurnRequest): Promise<void> {
    return this.withTurn(turnId, lease, async (tx, { session, turn }) => {
      assertOpen(turn);
      const kept = await this.conversations.keepPart(tx, session, turn, {
        content,
        model: model ?? null,
        tokens: null,
      });
      await Promise.all([
        this.turns.save(tx, { ...turn, answerId: kept.answerId }, this.times.leaseMs),
        this.sessions.move(tx, kept.session),
      ]);
    });
  }

  /** @throws AppError turn.not_found, turn.ended when it was interrupted. */
  complete(turnId: string, request: CompleteTurnRequest): Promise<void> {
    return this.withTurn(turnId, request.lease, async (tx, held) => {
      if (held.turn.status !== 'completed') await this.ending.complete(tx, held, request);
    });
  }

  /** @throws AppError turn.not_found, turn.ended when it was completed. */
  interrupt(turnId: string, request: InterruptTurnRequest): Promise<void> {
    return this.withTurn(turnId, request.lease, async (tx, held) => {
      if (held.turn.status !== 'interrupted') await this.ending.interrupt(tx, held, request);
    });
  }

  private async openNew(tx: Transaction, session: Session, request: OpenTurnRequest): Promise<OpenedTurn> {
    const input = request.input.map((message) => said(message, request.turn_id));
    const refusal = refusalOf(session, input);
    if (refusal) throw refused(refusal);
    const model = request.model ?? session.model;
    if (model === null) throw noModel();
    const { tenantId, id: sessionId, headId: baseId } = session;
    const { turn_id: id, request_id: requestId } = request;
    const turn = { status: 'open' as const, tenantId, id, sessionId, model, requestId, baseId, answerId: null };
    const { lease, leaseHash } = newLease(tenantId);
    const [, , conversation] = await Promise.all([
      this.turns.add(tx, turn, { hash: leaseHash, ms: this.times.leaseMs }),
      this.conversations.append(tx, { ...session, openTurnId: id }, input),
      this.conversations.read(tx, session),
    ]);
    return this.opened(session, turn, lease, contextOf(conversation));
  }

  /** The first answer did not arrive. */
  private async openAgain(tx: Transaction, session: Session, turn: Turn): Promise<OpenedTurn> {
    if (turn.sessionId !== session.id)
      throw new AppError('request.invalid', { fields: [{ path: 'turn_id', message: 'is of another session' }] });
    assertOpen(turn);
    const { lease, leaseHash } = newLease(session.tenantId);
    const [, conversation] = await Promise.all([
      this.turns.addLease(tx, turn, leaseHash),
      this.conversations.read(tx, session),
    ]);
    const before = conversation.filter(({ id }) => id !== turn.answerId);
    return this.opened(session, turn, lease, contextOf(before));
  }

  private opened(
    { projectId }: Session,
    { model }: Pick<Turn, 'model'>,
    lease: string,
    context: OpenedTurn['context'],
  ): OpenedTurn {
    return { lease, model, context, project_id: projectId, lease_ms: this.times.leaseMs };
  }

  private withTurn(
    turnId: string,
    lease: string,
    fn: (tx: Transaction, held: HeldTurn) => Promise<void>,
  ): Promise<void> {
    const { tenantId, leaseHash } = readLease(lease);
    return this.turns.inTenant(tenantId, async (tx) => {
      const held = await this.turns.hold(tx, tenantId, turnId, leaseHash);
      if (!held) throw new AppError('turn.not_found');
      await fn(tx, held);
    });
  }
}

const noModel = () =>
  new AppError('request.invalid', {
    fields: [{ path: 'model', message: 'is needed: the session names no model either' }],
  });
