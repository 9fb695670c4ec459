/**
 * A breaker is closed (calls pass and are counted), open (calls are refused until a time) or half-open (a few probes
 * pass and decide). After Nygard, Release It!, 2nd ed., ch. 5.
 */
export type BreakerState =
  | { readonly kind: 'closed' }
  | { readonly kind: 'open'; readonly until: number }
  | {
      readonly kind: 'half-open';
      /** When probes that never answered are given up on and others may try. */
      readonly until: number;
      readonly started: number;
      readonly succeeded: number;
    };

/** When a breaker went from one state to another. */
export interface BreakerChange {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly from: BreakerState['kind'];
  readonly to: BreakerState['kind'];
}

export interface BreakerRules {
  readonly minimumCalls: number;
  readonly failureRatio: number;
  readonly slowCallRatio: number;
  readonly openMs: number;
  readonly probes: number;
}

/** What was counted in the window. */
export interface CallCounts {
  readonly calls: number;
  readonly failures: number;
  readonly slow: number;
}

export const closed: BreakerState = { kind: 'closed' };

const opened = (now: number, { openMs }: BreakerRules): BreakerState => ({ kind: 'open', until: now + openMs });

/** The state in which the next call is made, or undefined where it is refused. */
export function admit(state: BreakerState, now: number, { probes, openMs }: BreakerRules): BreakerState | undefined {
  switch (state.kind) {
    case 'closed':
      return state;
    case 'open':
      return now < state.until ? undefined : { kind: 'half-open', until: now + openMs, started: 1, succeeded: 0 };
    case 'half-open':
      if (state.started < probes) return { ...state, started: state.started + 1 };
      return now < state.until ? undefined : { kind: 'half-open', until: now + openMs, started: 1, succeeded: 0 };
  }
}

/** After a call made while closed: open once enough calls were counted and too many of them failed or were slow. */
export function afterCall({ calls, failures, slow }: CallCounts, now: number, rules: BreakerRules): BreakerState {
  if (calls < rules.minimumCalls) return closed;
  const tooMany = failures >= rules.failureRatio * calls && failures > 0;
  const tooSlow = slow >= rules.slowCallRatio * calls && slow > 0;
  return tooMany || tooSlow ? opened(now, rules) : closed;
}

/** After a probe: one bad answer opens again, `probes` good ones close; one without a verdict makes room for another. */
export function afterProbe(
  state: BreakerState & { readonly kind: 'half-open' },
  verdict: 'good' | 'bad' | 'none',
  now: number,
  rules: BreakerRules,
): BreakerState {
  switch (verdict) {
    case 'bad':
      return opened(now, rules);
    case 'none':
      return { ...state, started: state.started - 1 };
    case 'good':
      return state.succeeded + 1 >= rules.probes ? closed : { ...state, succeeded: state.succeeded + 1 };
  }
}
