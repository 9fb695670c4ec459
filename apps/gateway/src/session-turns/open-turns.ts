import { Injectable } from '@nestjs/common';
import { AppError, type OpenedTurn } from '@parley/contracts';
import { ServiceClient } from '@parley/service-client';
import { Clock, Log, Shutdown } from '@parley/service-kit';
import { v7 as timeOrderedId } from 'uuid';
import { SessionTurn, type Progress } from './session-turn.js';
import { TurnStops } from './turn-stops.js';

/** The turns that this gateway answers. The drain ends them, and waits until they are stored. */
@Injectable()
export class OpenTurns {
  private readonly open = new Map<string, SessionTurn>();

  constructor(
    private readonly client: ServiceClient,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly stops: TurnStops,
    shutdown: Shutdown,
  ) {
    shutdown.register('work', async () => {
      const turns = [...this.open.values()];
      for (const turn of turns) turn.abandon(new AppError('service.draining'));
      await Promise.all(turns.map(({ ended }) => ended));
    });
  }

  /** Opens a turn and keeps it up from then on. A stop of it may come before the answer that it is open. */
  async begin(
    open: (turnId: string) => Promise<OpenedTurn>,
    progress: () => Progress,
  ): Promise<{ readonly turn: SessionTurn; readonly opened: OpenedTurn }> {
    const turnId = timeOrderedId();
    const end = this.stops.watch(turnId);
    try {
      const opened = await open(turnId);
      const { lease, lease_ms: leaseMs } = opened;
      const turn = new SessionTurn({ turnId, lease, leaseMs, end }, progress, this.client, this.clock, this.log);
      this.open.set(turnId, turn);
      void turn.ended.then(() => this.over(turnId));
      return { turn, opened };
    } catch (error) {
      this.over(turnId);
      throw error;
    }
  }

  private over(turnId: string): void {
    this.open.delete(turnId);
    this.stops.leave(turnId);
  }
}
