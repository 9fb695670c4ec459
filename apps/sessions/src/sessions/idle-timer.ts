import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock, Log, RecurringTask, Shutdown } from '@parley/service-kit';
import type { Config } from '../config.js';
import { idleSessions } from './idle-sessions.js';
import { SessionSweeper } from './session-sweeper.js';

/** When a session is idle, and how often idle ones are looked for. */
export class IdleTimes {
  readonly idleAfterS: number;
  readonly sweepIntervalMs: number;

  constructor(config: Pick<Config, 'SESSION_IDLE_AFTER_S' | 'SWEEP_INTERVAL_MS'>) {
    this.idleAfterS = config.SESSION_IDLE_AFTER_S;
    this.sweepIntervalMs = config.SWEEP_INTERVAL_MS;
  }
}

/** Looks for sessions that have become idle, from the start of the application on, in every instance. */
@Injectable()
export class IdleTimer extends RecurringTask implements OnApplicationBootstrap {
  constructor(sweeper: SessionSweeper, times: IdleTimes, clock: Clock, log: Log, shutdown: Shutdown) {
    super({
      ...{ clock, log, shutdown },
      everyMs: times.sweepIntervalMs,
      run: () => sweeper.apply(idleSessions(times.idleAfterS)),
      complaint: 'sessions that have become idle were not looked for',
    });
  }

  onApplicationBootstrap(): void {
    this.start();
  }
}
