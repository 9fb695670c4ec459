import { Injectable } from '@nestjs/common';
import {
  turnCompleted,
  turnInterrupted,
  type Block,
  type ContextCut,
  type Interruption,
  type LostUsage,
  type Stop,
  type TokenCounts,
} from '@parley/contracts';
import { Outbox } from '@parley/messaging';
import type { Transaction } from '@parley/persistence';
import { Conversations } from '../messages/conversations.js';
import { ProjectDefaults } from '../projects/project-defaults.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import type { Session } from '../sessions/session.js';
import {
  assertOpen,
  complete,
  durationMs,
  interrupt,
  isUndone,
  type CompletedTurn,
  type InterruptedTurn,
} from './turn.js';
import { TurnsRepository, type HeldTurn } from './turns.repository.js';

interface Whole {
  readonly content: readonly Block[];
  readonly model?: string | undefined;
  readonly stop: Stop;
  readonly tokens: TokenCounts;
  readonly cost_usd?: string | undefined;
  readonly context?: ContextCut | undefined;
}

interface Part {
  readonly content: readonly Block[];
  readonly model?: string | undefined;
  readonly reason: Interruption;
  readonly tokens?: TokenCounts | undefined;
  readonly context?: ContextCut | undefined;
  /** Where the gateway was lost, and keeps no record itself. */
  readonly usage?: LostUsage | undefined;
  readonly cost_usd?: string | undefined;
}

/** Ends a turn that is held: what came of the answer, the session's freedom and the events are one transaction. */
@Injectable()
export class TurnEnding {
  constructor(
    private readonly turns: TurnsRepository,
    private readonly sessions: SessionsRepository,
    private readonly conversations: Conversations,
    private readonly outbox: Outbox,
    private readonly defaults: ProjectDefaults,
  ) {}

  /** @throws AppError turn.ended. */
  async complete(tx: Transaction, { session, turn, now }: HeldTurn, whole: Whole): Promise<void> {
    assertOpen(turn);
    const { content, stop, tokens, model = null, cost_usd: costUsd = null, context = null } = whole;
    const took = { tokens, costUsd, durationMs: durationMs(turn, now) };
    const answer = { content, model, status: 'complete' as const, ...took, stop, context };
    const kept = await this.conversations.answer(tx, session, turn, answer);
    const completed = complete(turn, kept.answerId, now);
    await Promise.all([
      this.release(tx, kept.session, completed),
      this.outbox.add(tx, turnCompleted, session.tenantId, {
        ...eventOf(session, completed),
        message_id: completed.answerId,
        tokens,
        ...(context && { context }),
      }),
      this.defaults.charge(tx, session, tokens),
    ]);
  }

  /** Without content, what the last checkpoint kept stays. @throws AppError turn.ended. */
  async interrupt(tx: Transaction, { session, turn, now }: HeldTurn, part: Part): Promise<void> {
    assertOpen(turn);
    const { content, reason, model = null, tokens = null, cost_usd: costUsd = null, context = null } = part;
    const took = { tokens, costUsd, durationMs: durationMs(turn, now) };
    const kept = await this.conversations.keepPart(tx, session, turn, { content, model, ...took, context });
    const interrupted = interrupt(turn, kept.answerId, reason, now);
    const left = isUndone(interrupted) ? await this.conversations.leaveBehind(tx, session, turn) : kept.session;
    await Promise.all([
      this.release(tx, left, interrupted),
      this.outbox.add(tx, turnInterrupted, session.tenantId, {
        ...eventOf(session, interrupted),
        message_id: interrupted.answerId,
        reason,
        ...(part.usage && { usage: part.usage }),
      }),
      tokens && this.defaults.charge(tx, session, tokens),
    ]);
  }

  private async release(tx: Transaction, session: Session, turn: CompletedTurn | InterruptedTurn): Promise<void> {
    const answer = turn.answerId === null ? [] : [{ id: turn.answerId, turnId: turn.id, role: 'assistant' as const }];
    await Promise.all([
      this.turns.save(tx, turn, 0),
      this.sessions.move(tx, { ...session, openTurnId: null }),
      this.conversations.announce(tx, session, answer),
    ]);
  }
}

const eventOf = ({ id, projectId }: Session, turn: CompletedTurn | InterruptedTurn) => ({
  session_id: id,
  project_id: projectId,
  turn_id: turn.id,
  model: turn.model,
  duration_ms: durationMs(turn, turn.endedAt),
});
