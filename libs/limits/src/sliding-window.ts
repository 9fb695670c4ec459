/** What is counted for one key: the window that began with its first call, and the one before it. Times are milliseconds. */
export interface Window {
  readonly startedAt: number;
  readonly current: number;
  readonly previous: number;
}

/** What is asked of a window. */
export interface Rule {
  readonly limit: number;
  readonly windowMs: number;
  /** What is taken; 0 only looks. */
  readonly cost: number;
  /** What there must be room for; 0 for what is charged whether there is room or not. */
  readonly needs: number;
}

/** A window at a moment, `elapsedMs` after it began. */
export interface State {
  readonly current: number;
  readonly previous: number;
  readonly elapsedMs: number;
}

/** The outcome of one call, with the state of each window after it. */
export interface Taken {
  readonly allowed: boolean;
  readonly states: readonly State[];
}

/** A window of a call, as it is kept so far. */
interface Asked {
  readonly kept: Window | undefined;
  readonly rule: Rule;
}

/**
 * Sliding window counter: the window before counts in so far as it still reaches into the last `windowMs`. Windows begin
 * with a key's first call rather than at full minutes, so that a fresh key's limit is exact. A call takes from all of its
 * windows, or where one has no room from none. The same in Lua is in admission-script.ts; a test compares them.
 */
export function take(
  asked: readonly Asked[],
  now: number,
): { readonly windows: readonly Window[]; readonly taken: Taken } {
  const rolled = asked.map(({ kept, rule }) => ({ window: roll(kept, now, rule.windowMs), rule }));
  const allowed = rolled.every(({ window, rule }) => fits({ ...window, elapsedMs: now - window.startedAt }, rule));
  const windows = rolled.map(({ window, rule }) =>
    allowed ? { ...window, current: window.current + rule.cost } : window,
  );
  const states = windows.map(({ startedAt, current, previous }) => ({
    current,
    previous,
    elapsedMs: now - startedAt,
  }));
  return { windows, taken: { allowed, states } };
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
  { current, previous, elapsedMs }: State,
  { limit, windowMs, needs }: Omit<Rule, 'cost'>,
): boolean => needs === 0 || previous * (windowMs - elapsedMs) + (current + needs) * windowMs <= limit * windowMs;
