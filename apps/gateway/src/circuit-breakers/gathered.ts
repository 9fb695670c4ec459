import type {
  BreakerStateName,
  CircuitBreakerReport,
  HeldBreaker,
  HeldBreakers,
  NotAnswering,
} from '@parley/contracts';
import type { Instance } from '@parley/discovery';
import { fingerprinted } from './shown-name.js';

/** What one instance said, and where it was asked. */
export interface Heard {
  readonly at: Instance;
  readonly held: HeldBreakers['data'];
}

/** What all instances said that were asked. */
export interface Gathered {
  readonly heard: readonly Heard[];
  readonly notAnswering: NotAnswering;
}

/** A breaker with all of its holders. */
export interface FoundBreaker {
  /** What its holders call it; not for everybody to read. */
  readonly trueName: string;
  readonly holders: readonly Instance[];
  readonly report: CircuitBreakerReport;
}

interface Holding extends Heard {
  readonly breaker: HeldBreaker;
}

const badness = { closed: 0, half_open: 1, open: 2 } as const satisfies Record<BreakerStateName, number>;

/** One per name, in the order of the names that are shown. */
export function breakersOf({ heard }: Gathered): FoundBreaker[] {
  const holdings = heard.flatMap((one): Holding[] => one.held.map((breaker) => ({ ...one, breaker })));
  const byName = Map.groupBy(holdings, ({ breaker }) => breaker.name);
  return [...byName]
    .map(([name, holdingsOfIt]) => foundBreaker(name, holdingsOfIt))
    .sort((a, b) => (a.report.name < b.report.name ? -1 : 1));
}

function foundBreaker(trueName: string, holdings: readonly Holding[]): FoundBreaker {
  // Where one instance has seen it in the provider's list, it is no tenant's secret.
  const isSecret = holdings.every(({ breaker }) => breaker.named_by_caller);
  const [worst = 'closed'] = holdings.map(({ breaker }) => breaker.state).sort((a, b) => badness[b] - badness[a]);
  return {
    trueName,
    holders: holdings.map(({ at }) => at),
    report: { name: isSecret ? fingerprinted(trueName) : trueName, state: worst, held_by: holdings.map(heldBy) },
  };
}

function heldBy({ at: { service, id: instance }, breaker }: Holding): CircuitBreakerReport['held_by'][number] {
  const { state, retry_at, counts, last_change } = breaker;
  return { service, instance, state, retry_at, counts, last_change };
}
