import { Injectable } from '@nestjs/common';
import {
  AppError,
  type CheckpointKept,
  type CheckpointTurnRequest,
  type CompleteTurnRequest,
  type InterruptTurnRequest,
} from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { Conversations } from '../messages/conversations.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { readLease } from './lease.js';
import { assertOpen } from './turn.js';
import { TurnEnding } from './turn-ending.js';
import { TurnTimes } from './turn-times.js';
import { TurnsRepository, type HeldTurn } from './turns.repository.js';

/** The life of a turn that is open, as the gateway that answers it leads it. */
@Injectable()
export class TurnsService {
  constructor(
    private readonly turns: TurnsRepository,
    private readonly sessions: SessionsRepository,
    private readonly conversations: Conversations,
    private readonly ending: TurnEnding,
    private readonly times: TurnTimes,
  ) {}

  /** @throws AppError turn.not_found, turn.ended. */
  checkpoint(
    turnId: string,
    { lease, content, model, usage, context }: CheckpointTurnRequest,
  ): Promise<CheckpointKept> {
    return this.withTurn(turnId, lease, async (tx, { session, turn }) => {
      assertOpen(turn);
      const kept = await this.conversations.keepPart(tx, session, turn, {
        content,
        model: model ?? null,
        tokens: null,
        costUsd: null,
        durationMs: null,
        context: context ?? null,
      });
      await Promise.all([
        this.turns.save(tx, { ...turn, answerId: kept.answerId, usage: usage ?? turn.usage }, this.times.leaseMs),
        this.sessions.move(tx, kept.session),
      ]);
      return turn.stopping ? { stopping: true } : {};
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

  private withTurn<T>(turnId: string, lease: string, fn: (tx: Transaction, held: HeldTurn) => Promise<T>): Promise<T> {
    const { tenantId, leaseHash } = readLease(lease);
    return this.turns.inTenant(tenantId, async (tx) => {
      const held = await this.turns.hold(tx, tenantId, turnId, leaseHash);
      if (!held) throw new AppError('turn.not_found');
      return fn(tx, held);
    });
  }
}
