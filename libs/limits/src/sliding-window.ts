/** What is counted for one key: the window that began with its first call, and the one before it. Times are milliseconds. */
export interface Window {
  readonly startedAt: number;
  readonly current: number;
  readonly previous: number;
}

/** What may be taken from a window. */
export interface Rule {
  readonly limit: number;
  readonly windowMs: number;
  /** Negative for what is given back. */
  readonly cost: number;
}

/** The outcome of one call, `elapsedMs` into the window. */
export interface Taken {
  readonly allowed: boolean;
  readonly current: number;
  readonly previous: number;
  readonly elapsedMs: number;
}

/**
 * Sliding window counter: the window before counts in so far as it still reaches into the last `windowMs`. Windows begin
 * with a key's first call rather than at full minutes, so that a fresh key's limit is exact. A refused call costs nothing.
 * The same in Lua is in redis-window.ts; a test compares them.
 */
export function take(
  kept: Window | undefined,
  now: number,
  rule: Rule,
): { readonly window: Window; readonly taken: Taken } {
  const { startedAt, current, previous } = roll(kept, now, rule.windowMs);
  const elapsedMs = now - startedAt;
  const allowed = rule.cost <= 0 || fits({ current, previous, elapsedMs }, rule);
  const counted = allowed ? Math.max(0, current + rule.cost) : current;
  return {
    window: { startedAt, current: counted, previous },
    taken: { allowed, current: counted, previous, elapsedMs },
  };
}

function roll(kept: Window | undefined, now: number, windowMs: number): Window {
  if (!kept || now >= kept.startedAt + 2 * windowMs) return { startedAt: now, current: 0, previous: 0 };
  if (now >= kept.startedAt + windowMs) {
    return { startedAt: kept.startedAt + windowMs, current: 0, previous: kept.current };
  }
  // A clock that was set back must not stretch the window.
  return { ...kept, startedAt: Math.min(kept.startedAt, now) };
}

/** In whole numbers, which JavaScript and Lua compute alike. */
export const fits = (
  { current, previous, elapsedMs }: Omit<Taken, 'allowed'>,
  { limit, windowMs, cost }: Rule,
): boolean => previous * (windowMs - elapsedMs) + (current + cost) * windowMs <= limit * windowMs;
