import { Injectable } from '@nestjs/common';
import { RedisConnection } from '@parley/cache';
import {
  AppError,
  turnStopsChannel,
  type Identity,
  type StopTurnRequest,
  type StoppingTurn,
  type TurnStop,
} from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { Log } from '@parley/service-kit';
import { found, type Session } from '../sessions/session.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import type { OpenTurn } from './turn.js';
import { TurnsRepository } from './turns.repository.js';

/** Asks for the end of turns. Their gateways end them; of a gateway that was lost, the sweeper does when the lease is over. */
@Injectable()
export class TurnStops {
  constructor(
    private readonly turns: TurnsRepository,
    private readonly sessions: SessionsRepository,
    private readonly redis: RedisConnection,
    private readonly log: Log,
  ) {}

  /** @throws AppError session.not_found, turn.not_running where the turn, or any, is not open. */
  stop({ tenantId }: Identity, sessionId: string, { turn_id }: StopTurnRequest): Promise<StoppingTurn> {
    return this.turns.inTenant(tenantId, async (tx) => {
      const session = found(await this.sessions.lock(tx, { tenantId, id: sessionId }));
      const { openTurnId: id } = session;
      if (id === null || (turn_id !== undefined && turn_id !== id)) throw new AppError('turn.not_running');
      await this.request(tx, session, { id });
      return { turn_id: id };
    });
  }

  /** Asks for the end of the turn that holds the session, which the caller has locked. Asking twice does no harm. */
  async request(tx: Transaction, { tenantId }: Pick<Session, 'tenantId'>, { id }: Pick<OpenTurn, 'id'>): Promise<void> {
    await this.turns.requestStop(tx, tenantId, id);
    tx.afterCommit(() => void this.tell({ turn_id: id }));
  }

  /** Where Redis is away the gateway hears of it with the answer to its next checkpoint. */
  private async tell(stop: TurnStop): Promise<void> {
    try {
      await this.redis.run((client) => client.publish(turnStopsChannel, JSON.stringify(stop)));
    } catch (err) {
      this.log.warn({ err, ...stop }, 'gateways were not told of a stop, and learn of it with a checkpoint');
    }
  }
}
