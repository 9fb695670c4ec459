import { LocalCache } from '@parley/cache';
import type { Clock } from '@parley/service-kit';
import { addTry, takeBack, waitMs, type Tries } from './lockout.js';
import type { Counted, Taken, TriesStore } from './tries.js';

/** The keys that an instance counts by itself at most; beyond that the least recently used one starts anew. */
const maxKeys = 100_000;

/** Tries in this process, for while Redis is away. */
export class LocalTries implements TriesStore {
  private readonly kept: LocalCache<Tries>;

  constructor(private readonly clock: Clock) {
    this.kept = new LocalCache({
      name: 'password_tries',
      maxEntries: maxKeys,
      ttlMs: ({ forgottenAt }) => forgottenAt - clock.now(),
      clock,
      // A try must not be forgotten early.
      random: () => 0,
    });
  }

  async take(counted: readonly Counted[]): Promise<Taken> {
    const now = this.clock.now();
    const retryAfterMs = Math.max(...counted.map(({ key }) => waitMs(this.kept.get(key), now)));
    if (retryAfterMs > 0) return { allowed: false, retryAfterMs };
    const tries = counted.map((one) => {
      const made = addTry(this.kept.get(one.key), now, one);
      this.kept.set(one.key, made);
      return made;
    });
    return { allowed: true, tries };
  }

  async takeBack(counted: Counted, made: Tries): Promise<void> {
    const kept = this.kept.get(counted.key);
    if (kept) this.kept.set(counted.key, takeBack(kept, made, counted));
  }

  async forget(key: string): Promise<void> {
    this.kept.delete(key);
  }
}
