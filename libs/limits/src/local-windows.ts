import { LocalCache } from '@parley/cache';
import type { Clock } from '@parley/resilience';
import { take, type Rule, type Taken, type Window } from './sliding-window.js';

/** The keys that an instance counts by itself at most; beyond that the least recently used one starts anew. */
const maxKeys = 100_000;

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

  take(key: string, rule: Rule): Taken {
    const { window, taken } = take(this.windows.get(key), this.clock.now(), rule);
    this.windows.set(key, { ...window, windowMs: rule.windowMs });
    return taken;
  }
}
