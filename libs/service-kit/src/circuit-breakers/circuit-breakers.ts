import type { HeldBreaker } from '@parley/contracts';
import type { BreakerState, CircuitBreaker } from '@parley/resilience';

/** One breaker of this process, under the name that it goes by on the whole platform. */
export interface RegisteredBreaker {
  readonly breaker: Pick<CircuitBreaker, 'name' | 'state' | 'counts' | 'refused' | 'lastChange' | 'reset'>;
  /** A caller may have made the name up, so that it is not for others to read. */
  readonly namedByCaller: boolean;
}

/** Asked anew each time, since targets come and go. */
export type BreakerSource = () => Iterable<RegisteredBreaker>;

/** Every circuit breaker of this process. */
export class CircuitBreakers {
  private readonly sources: BreakerSource[] = [];

  register(source: BreakerSource): void {
    this.sources.push(source);
  }

  list(): HeldBreaker[] {
    return this.all().map(report);
  }

  /** Closes those of this name, and tells how they are now; none where there is none. */
  reset(name: string): HeldBreaker[] {
    const named = this.all().filter(({ breaker }) => breaker.name === name);
    for (const { breaker } of named) breaker.reset();
    return named.map(report);
  }

  private all(): RegisteredBreaker[] {
    return this.sources.flatMap((source) => [...source()]);
  }
}

const states = {
  closed: 'closed',
  'half-open': 'half_open',
  open: 'open',
} as const satisfies Record<BreakerState['kind'], HeldBreaker['state']>;

const isoTime = (ms: number): string => new Date(ms).toISOString();

function report({ breaker, namedByCaller }: RegisteredBreaker): HeldBreaker {
  const { name, state, counts, refused, lastChange } = breaker;
  return {
    name,
    named_by_caller: namedByCaller,
    state: states[state.kind],
    retry_at: state.kind === 'open' ? isoTime(state.until) : null,
    counts: { ...counts, refused },
    last_change: lastChange
      ? { at: isoTime(lastChange.at), from: states[lastChange.from], to: states[lastChange.to] }
      : null,
  };
}
