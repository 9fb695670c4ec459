import { Injectable } from '@nestjs/common';
import type { Transaction } from '@parley/persistence';
import { MatchesRepository, maxSeen, type Looked, type Match } from './matches.repository.js';
import { before, ever, finer, firstLevel, nextLevel, windowAt, type Bound } from './time-window.js';

/** Matches that are ranked among each other: more would be more work than their order is worth. */
export const maxRanked = 500;

/** Of one stretch. Past either it ends early: words that are common, and fit nowhere, are a long way. */
const maxSeenInAll = 10_000;
const maxWindows = 24;

/** What is looked for, from `until` back to `since`. */
export type Hunt = Omit<Looked, 'window' | 'limit'>;

/** Newest first, and where the next stretch begins; undefined where there is nothing that is older. */
export interface Stretch {
  readonly matches: readonly Match[];
  readonly end: Bound | undefined;
}

/** Finds the newest matches, by work that does not grow with how many there are. */
@Injectable()
export class MatchFinder {
  constructor(private readonly repository: MatchesRepository) {}

  /** The words are in the transaction's scope. A project with few messages is looked through at once. */
  async newest(tx: Transaction, hunt: Hunt, most = maxRanked): Promise<Stretch> {
    const { tenantId, filters } = hunt;
    const few = filters.project_id && (await this.repository.few(tx, tenantId, filters.project_id));
    if (!few) return this.inWindows(tx, hunt, most);
    const looked = { ...hunt, window: windowAt(ever, hunt.until), limit: most + 1 };
    const { matches } = await this.repository.lookAmong(tx, looked, few);
    return cut(matches, most) ?? { matches, end: undefined };
  }

  /**
   * Looks through windows of time from the newest to the oldest, each as long as it may be to have a bounded number of
   * messages with the words, by what those before it had.
   */
  private async inWindows(tx: Transaction, hunt: Hunt, most: number): Promise<Stretch> {
    const matches: Match[] = [];
    let [until, level, seen] = [hunt.until, firstLevel, 0];
    for (let windows = 0; until.at >= hunt.since; windows++) {
      if (seen >= maxSeenInAll || windows === maxWindows) return { matches, end: until };
      const window = windowAt(level, until);
      const limit = most + 1 - matches.length;
      const looked = await this.repository.look(tx, { ...hunt, window, until, limit });
      seen += looked.seen;
      const within = looked.seen < maxSeen ? undefined : finer(level);
      if (within !== undefined) {
        level = within;
        continue;
      }
      matches.push(...looked.matches);
      const whole = cut(matches, most);
      if (whole) return whole;
      until = before(window);
      level = nextLevel(maxSeen / 2, seen, hunt.until.at - until.at);
    }
    return { matches, end: undefined };
  }
}

/** The newest of more than there may be. */
const cut = (matches: readonly Match[], most: number): Stretch | undefined =>
  matches.length > most ? { matches: matches.slice(0, most), end: matches[most - 1] } : undefined;
