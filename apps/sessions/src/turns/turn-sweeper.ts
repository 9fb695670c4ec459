import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock, Log, RecurringTask, Shutdown } from '@parley/service-kit';
import { ExpiredTurns } from './expired-turns.js';
import { TurnTimes } from './turn-times.js';

/** Looks for turns whose lease ran out, from the start of the application on. */
@Injectable()
export class TurnSweeper extends RecurringTask implements OnApplicationBootstrap {
  constructor(expired: ExpiredTurns, { sweepIntervalMs }: TurnTimes, clock: Clock, log: Log, shutdown: Shutdown) {
    super({
      ...{ clock, log, shutdown },
      everyMs: sweepIntervalMs,
      run: () => expired.sweep(),
      complaint: 'turns whose lease ran out were not looked for',
    });
  }

  onApplicationBootstrap(): void {
    this.start();
  }
}
