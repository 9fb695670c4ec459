import type { Config } from '../config.js';

/** How long a turn's lease is, and how often the sweeper looks for those that ran out. */
export class TurnTimes {
  readonly leaseMs: number;
  readonly sweepIntervalMs: number;

  constructor(config: Pick<Config, 'TURN_LEASE_MS' | 'SWEEP_INTERVAL_MS'>) {
    this.leaseMs = config.TURN_LEASE_MS;
    this.sweepIntervalMs = config.SWEEP_INTERVAL_MS;
  }
}
