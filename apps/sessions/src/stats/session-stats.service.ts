import { Injectable } from '@nestjs/common';
import type { Identity, SessionStats } from '@parley/contracts';
import { Database } from '@parley/persistence';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { found } from '../sessions/session.js';
import { maxCounted, SessionStatsRepository, type AnswerSums, type TurnCounts } from './session-stats.repository.js';

/** What a session has, took and cost, counted when it is asked for. */
@Injectable()
export class SessionStatsService {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsRepository,
    private readonly stats: SessionStatsRepository,
  ) {}

  /** All of it at one moment. @throws AppError session.not_found, also for another tenant's session. */
  of({ tenantId }: Identity, id: string): Promise<SessionStats> {
    const key = { tenantId, id };
    return this.database.inSnapshot(tenantId, async (tx) => {
      const [session, messages, turns, [all, models], tools] = await Promise.all([
        this.sessions.find(tx, key),
        this.stats.messages(tx, key),
        this.stats.turns(tx, key),
        this.stats.answers(tx, key),
        this.stats.tools(tx, key),
      ]);
      found(session);
      const { inConversation: in_conversation, ...counts } = messages;
      const turnCounts = toTurns(turns);
      return {
        messages: { ...counts, in_conversation },
        turns: turnCounts,
        ...toAnswers(all),
        latency_ms: toLatency(turns),
        tools,
        models: models.map((sums) => ({ model: sums.model, ...toAnswers(sums) })),
        partial: messages.total > maxCounted || turnCounts.total > maxCounted,
      };
    });
  }
}

function toTurns(turns: readonly TurnCounts[]): SessionStats['turns'] {
  const of = (status: TurnCounts['status']) => turns.filter((some) => some.status === status);
  const sum = (some: readonly TurnCounts[]) => some.reduce((total, { count }) => total + count, 0);
  return {
    total: sum(turns),
    open: sum(of('open')),
    completed: sum(of('completed')),
    interrupted: Object.fromEntries(
      of('interrupted').flatMap(({ reason, count }) => (reason ? [[reason, count] as const] : [])),
    ),
  };
}

function toLatency(turns: readonly TurnCounts[]): SessionStats['latency_ms'] {
  const completed = turns.find(({ status }) => status === 'completed');
  if (!completed) return null;
  return { mean: completed.meanMs ?? 0, p50: completed.p50Ms ?? 0, p95: completed.p95Ms ?? 0 };
}

const toAnswers = ({ model: _model, total: _total, answers, costUsd, unpriced, ...tokens }: AnswerSums) => ({
  answers,
  tokens,
  cost_usd: costUsd,
  unpriced_answers: unpriced,
});
