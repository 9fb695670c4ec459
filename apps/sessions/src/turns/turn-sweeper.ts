import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock, Log, Shutdown } from '@parley/service-kit';
import { ExpiredTurns } from './expired-turns.js';
import { TurnTimes } from './turn-times.js';

/** Sweeps again and again, each time so long after the last sweep has ended; a drain waits for the one under way. */
@Injectable()
export class TurnSweeper implements OnApplicationBootstrap {
  private cancel: () => void = () => undefined;
  private sweeping: Promise<void> = Promise.resolve();

  constructor(
    private readonly expired: ExpiredTurns,
    private readonly times: TurnTimes,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly shutdown: Shutdown,
  ) {
    shutdown.register('work', async () => {
      this.cancel();
      await this.sweeping;
    });
  }

  onApplicationBootstrap(): void {
    this.plan();
  }

  private plan(): void {
    this.cancel = this.clock.setTimeout(() => {
      this.sweeping = this.sweep();
    }, this.times.sweepIntervalMs);
  }

  private async sweep(): Promise<void> {
    try {
      await this.expired.sweep();
    } catch (err) {
      this.log.warn({ err }, 'turns whose lease ran out were not looked for');
    }
    if (!this.shutdown.draining) this.plan();
  }
}
