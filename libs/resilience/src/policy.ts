/** Runs `fn` under a rule of its own. Policies compose by nesting; `signal` aborts when the caller has stopped waiting. */
export interface Policy {
  execute<T>(fn: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** The signal of a caller that waits for as long as it takes. Nothing may listen to it for good: it lives for ever. */
export const neverAborts: AbortSignal = new AbortController().signal;

/** Outermost first: `compose(timeout, retry, breaker)` times the whole and retries what the breaker lets through. */
export const compose = (...policies: readonly Policy[]): Policy => ({
  execute(fn, signal = neverAborts) {
    const run = (depth: number, current: AbortSignal): ReturnType<typeof fn> => {
      const policy = policies[depth];
      return policy ? policy.execute((inner) => run(depth + 1, inner), current) : fn(current);
    };
    return run(0, signal);
  },
});
