import type { Config } from '../config.js';

/** How queries are kept, for injection. */
export class QueriesOptions {
  /** How long a running query may give no sign. */
  readonly leaseMs: number;

  constructor(config: Pick<Config, 'EXPERTS_QUERY_LEASE_MS'>) {
    this.leaseMs = config.EXPERTS_QUERY_LEASE_MS;
  }
}
