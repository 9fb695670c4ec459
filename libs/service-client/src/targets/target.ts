import type { Instance } from '@parley/discovery';
import type { Bulkhead, CircuitBreaker } from '@parley/resilience';
import type { Pool } from 'undici';

/** One instance of a service, with the connections to it and the policies that guard them. */
export interface Target {
  readonly instance: Instance;
  readonly pool: Pool;
  /** Bounds requests in flight to the connections there are, and those that wait for one. */
  readonly bulkhead: Bulkhead;
  /** Replaced when its thresholds change. */
  breaker: CircuitBreaker;
}
