import { Injectable } from '@nestjs/common';
import { AppError, turnStarted, type OpenedTurn, type OpenTurnRequest } from '@parley/contracts';
import { Outbox } from '@parley/messaging';
import type { Transaction } from '@parley/persistence';
import { Conversations } from '../messages/conversations.js';
import { said } from '../messages/message.js';
import { ProjectDefaults, type Defaults } from '../projects/project-defaults.js';
import { refusalOf, refused, type Session } from '../sessions/session.js';
import { contextOf, type Context } from './context.js';
import { newLease, type Lease } from './lease.js';
import { askedBy, assertOpen, ofAnotherSession, type Beginner, type Turn } from './turn.js';
import { TurnTimes } from './turn-times.js';
import { TurnsRepository } from './turns.repository.js';

interface Beginning {
  readonly by: Beginner;
  readonly request: OpenTurnRequest;
  /** Of a turn that has one since it began to wait. */
  readonly lease?: Lease | undefined;
}

/** Begins a turn in a session that is held: what is asked is stored, and the gateway is given the conversation and a lease. */
@Injectable()
export class TurnBeginning {
  constructor(
    private readonly turns: TurnsRepository,
    private readonly conversations: Conversations,
    private readonly defaults: ProjectDefaults,
    private readonly times: TurnTimes,
    private readonly outbox: Outbox,
  ) {}

  /** @throws AppError as `openTurn` says. */
  async begin(
    tx: Transaction,
    session: Session,
    { by, request, lease: { lease, leaseHash } = newLease(session.tenantId) }: Beginning,
  ): Promise<OpenedTurn> {
    const input = request.input.map((message) => said(message, request.turn_id));
    const refusal = refusalOf(session, input);
    if (refusal) throw refused(refusal);
    const defaults = await this.defaults.of(tx, session);
    const model = request.model ?? session.model ?? defaults.model;
    if (model === null) throw noModel();
    await this.defaults.admit(session, defaults);
    const { tenantId, id: sessionId, projectId, headId: baseId } = session;
    const { turn_id: id, request_id: requestId, asked } = request;
    const turn = { tenantId, id, sessionId, model, requestId, baseId, ...askedBy(by, asked) };
    const [, , context] = await Promise.all([
      this.turns.add(tx, turn, { hash: leaseHash, ms: this.times.leaseMs }),
      this.conversations.append(tx, { ...session, openTurnId: id }, input),
      this.contextIn(tx, session, turn, defaults),
      this.outbox.add(tx, turnStarted, tenantId, {
        session_id: sessionId,
        project_id: projectId,
        turn_id: id,
        model,
        started_by: by.subject,
      }),
    ]);
    return this.opened(session, turn, lease, context);
  }

  /** Once more, where the first answer did not arrive: with a lease of its own. @throws AppError turn.ended. */
  async beginAgain(tx: Transaction, session: Session, turn: Turn): Promise<OpenedTurn> {
    if (turn.sessionId !== session.id) throw ofAnotherSession();
    assertOpen(turn);
    const { lease, leaseHash } = newLease(session.tenantId);
    const [, context] = await Promise.all([
      this.turns.addLease(tx, turn, leaseHash),
      this.defaults.of(tx, session).then((defaults) => this.contextIn(tx, session, turn, defaults)),
    ]);
    return this.opened(session, turn, lease, context);
  }

  /** Up to the turn's answer, of which a part may have come. */
  private async contextIn(
    tx: Transaction,
    session: Session,
    { id: turnId, answerId = null }: Pick<Turn, 'id'> & Partial<Pick<Turn, 'answerId'>>,
    { instructions, context }: Defaults,
  ): Promise<Context> {
    const policy = session.context ?? context ?? { kind: 'refuse' };
    const [conversation, summary] = await Promise.all([
      this.conversations.read(tx, session),
      policy.kind === 'summarise' ? this.conversations.summary(tx, session) : undefined,
    ]);
    const before = conversation.filter(({ id }) => id !== answerId);
    return contextOf({ conversation: before, turnId, instructions, policy, summary });
  }

  private opened({ projectId }: Session, { model }: Pick<Turn, 'model'>, lease: string, context: Context): OpenedTurn {
    return { lease, model, ...context, project_id: projectId, lease_ms: this.times.leaseMs };
  }
}

const noModel = () =>
  new AppError('request.invalid', {
    fields: [{ path: 'model', message: 'is needed: neither the session nor its project names one' }],
  });
