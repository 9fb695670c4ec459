import type { Config } from '../config.js';

/** How long a turn's lease is, how often the sweeper looks for those that ran out, and how long a turn waits for others. */
export class TurnTimes {
  readonly leaseMs: number;
  readonly sweepIntervalMs: number;
  readonly waitMs: number;

  constructor(config: Pick<Config, 'TURN_LEASE_MS' | 'SWEEP_INTERVAL_MS' | 'TURN_WAIT_MS'>) {
    this.leaseMs = config.TURN_LEASE_MS;
    this.sweepIntervalMs = config.SWEEP_INTERVAL_MS;
    this.waitMs = config.TURN_WAIT_MS;
  }
}
