import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock, Log, RecurringTask, Shutdown } from '@parley/service-kit';
import { RetentionSweep } from './retention-sweep.js';

/** How often sessions that are too old are looked for. */
export class RetentionTimes {
  constructor(readonly everyMs: number) {}
}

/** Looks for sessions that are older than their tenant keeps them, from the start of the application on, in every instance. */
@Injectable()
export class RetentionTimer extends RecurringTask implements OnApplicationBootstrap {
  constructor(
    sweep: RetentionSweep,
    private readonly times: RetentionTimes,
    clock: Clock,
    log: Log,
    shutdown: Shutdown,
  ) {
    super({
      ...{ clock, log, shutdown, everyMs: times.everyMs },
      run: () => sweep.run(),
      complaint: 'sessions that are too old were not looked for',
    });
  }

  /** The first time at a random moment, so that instances do not meet. */
  onApplicationBootstrap(): void {
    this.start(Math.random() * this.times.everyMs);
  }
}
