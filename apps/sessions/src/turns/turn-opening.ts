import { Injectable } from '@nestjs/common';
import { AppError, type Identity, type OpenedTurn, type OpenTurnRequest } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { Conversations } from '../messages/conversations.js';
import { said } from '../messages/message.js';
import { ProjectDefaults } from '../projects/project-defaults.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { refusalOf, refused, type Session } from '../sessions/session.js';
import { contextOf } from './context.js';
import { newLease } from './lease.js';
import { assertOpen, type Turn } from './turn.js';
import { TurnTimes } from './turn-times.js';
import { TurnsRepository } from './turns.repository.js';

/** The beginning of a turn: what is asked is stored, and the gateway is given the conversation and a lease. */
@Injectable()
export class TurnOpening {
  constructor(
    private readonly turns: TurnsRepository,
    private readonly sessions: SessionsRepository,
    private readonly conversations: Conversations,
    private readonly defaults: ProjectDefaults,
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

  private async openNew(tx: Transaction, session: Session, request: OpenTurnRequest): Promise<OpenedTurn> {
    const input = request.input.map((message) => said(message, request.turn_id));
    const refusal = refusalOf(session, input);
    if (refusal) throw refused(refusal);
    const defaults = await this.defaults.of(tx, session);
    const model = request.model ?? session.model ?? defaults.model;
    if (model === null) throw noModel();
    await this.defaults.admit(session, defaults);
    const { tenantId, id: sessionId, headId: baseId } = session;
    const { turn_id: id, request_id: requestId } = request;
    const turn = { status: 'open' as const, tenantId, id, sessionId, model, requestId, baseId, answerId: null };
    const { lease, leaseHash } = newLease(tenantId);
    const [, , conversation] = await Promise.all([
      this.turns.add(tx, turn, { hash: leaseHash, ms: this.times.leaseMs }),
      this.conversations.append(tx, { ...session, openTurnId: id }, input),
      this.conversations.read(tx, session),
    ]);
    return this.opened(session, turn, lease, contextOf(conversation, defaults.instructions));
  }

  /** The first answer did not arrive. */
  private async openAgain(tx: Transaction, session: Session, turn: Turn): Promise<OpenedTurn> {
    if (turn.sessionId !== session.id)
      throw new AppError('request.invalid', { fields: [{ path: 'turn_id', message: 'is of another session' }] });
    assertOpen(turn);
    const { lease, leaseHash } = newLease(session.tenantId);
    const [, conversation, { instructions }] = await Promise.all([
      this.turns.addLease(tx, turn, leaseHash),
      this.conversations.read(tx, session),
      this.defaults.of(tx, session),
    ]);
    const before = conversation.filter(({ id }) => id !== turn.answerId);
    return this.opened(session, turn, lease, contextOf(before, instructions));
  }

  private opened(
    { projectId }: Session,
    { model }: Pick<Turn, 'model'>,
    lease: string,
    context: OpenedTurn['context'],
  ): OpenedTurn {
    return { lease, model, context, project_id: projectId, lease_ms: this.times.leaseMs };
  }
}

const noModel = () =>
  new AppError('request.invalid', {
    fields: [{ path: 'model', message: 'is needed: neither the session nor its project names one' }],
  });
