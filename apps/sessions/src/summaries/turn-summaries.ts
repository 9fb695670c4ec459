import { Injectable } from '@nestjs/common';
import { AppError, type SummariseTurnRequest } from '@parley/contracts';
import { readLease } from '../turns/lease.js';
import { assertOpen } from '../turns/turn.js';
import { TurnTimes } from '../turns/turn-times.js';
import { TurnsRepository } from '../turns/turns.repository.js';
import { SummariesRepository } from './summaries.repository.js';

/** Summaries that gateways make for a turn, of the conversation before it. */
@Injectable()
export class TurnSummaries {
  constructor(
    private readonly turns: TurnsRepository,
    private readonly summaries: SummariesRepository,
    private readonly times: TurnTimes,
  ) {}

  /** Keeps it for the turns that follow, whatever becomes of this one. @throws AppError as `summariseTurn` says. */
  keep(turnId: string, { lease, until_message_id, cost_usd, ...summary }: SummariseTurnRequest): Promise<void> {
    const { tenantId, leaseHash } = readLease(lease);
    return this.turns.inTenant(tenantId, async (tx) => {
      const held = await this.turns.hold(tx, tenantId, turnId, leaseHash);
      if (!held) throw new AppError('turn.not_found');
      const { session, turn } = held;
      assertOpen(turn);
      const told = { ...summary, untilMessageId: until_message_id, costUsd: cost_usd };
      if (!(await this.summaries.keep(tx, session, turnId, told))) throw notBefore();
      await this.turns.save(tx, turn, this.times.leaseMs);
    });
  }
}

const notBefore = () =>
  new AppError('request.invalid', {
    fields: [{ path: 'until_message_id', message: 'is not in the conversation before the turn' }],
  });
