import { Injectable } from '@nestjs/common';
import { AppError } from '@parley/contracts';
import { ServiceClient } from '@parley/service-client';
import { Clock, Log, Shutdown } from '@parley/service-kit';
import { SessionTurn, type Lease, type Progress } from './session-turn.js';

/** The turns that this gateway answers. The drain ends them, and waits until they are stored. */
@Injectable()
export class OpenTurns {
  private readonly open = new Map<string, SessionTurn>();

  constructor(
    private readonly client: ServiceClient,
    private readonly clock: Clock,
    private readonly log: Log,
    shutdown: Shutdown,
  ) {
    shutdown.register('work', async () => {
      const turns = [...this.open.values()];
      for (const turn of turns) turn.abandon(new AppError('service.draining'));
      await Promise.all(turns.map(({ ended }) => ended));
    });
  }

  /** Keeps a turn up from now on. */
  begin(lease: Lease, progress: () => Progress): SessionTurn {
    const turn = new SessionTurn(lease, progress, this.client, this.clock, this.log);
    this.open.set(lease.turnId, turn);
    void turn.ended.then(() => this.open.delete(lease.turnId));
    return turn;
  }
}
