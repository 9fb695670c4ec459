import { LocalCache } from '@parley/cache';
import type { Clock } from '@parley/resilience';
import { take, type Rule, type Taken, type Window } from './sliding-window.js';

/** The keys that an instance counts by itself at most; beyond that the least recently used one starts anew. */
const maxKeys = 100_000;

/** A window by its key, and what is asked of it. */
export interface AskedWindow {
  readonly key: string;
  readonly rule: Rule;
}

/** Windows in this process, for while Redis is away. */
export class LocalWindows {
  private readonly windows: LocalCache<Window & { readonly windowMs: number }>;

  constructor(private readonly clock: Clock) {
    this.windows = new LocalCache({
      name: 'limits',
      maxEntries: maxKeys,
      ttlMs: ({ startedAt, windowMs }) => startedAt + 2 * windowMs - clock.now(),
      clock,
      // A window must not end early.
      random: () => 0,
    });
  }

  /** From all of them or, where one has no room, from none. */
  take(asked: readonly AskedWindow[]): Taken {
    const kept = asked.map(({ key, rule }) => ({ kept: this.windows.get(key), rule }));
    const { windows, taken } = take(kept, this.clock.now());
    asked.forEach(({ key, rule: { windowMs } }, at) => {
      const window = windows[at];
      if (window) this.windows.set(key, { ...window, windowMs });
    });
    return taken;
  }
}
