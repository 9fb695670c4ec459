import { Injectable } from '@nestjs/common';
import {
  AppError,
  isAppError,
  maxSearchWords,
  type FoundMessage,
  type FoundMessages,
  type Identity,
  type SessionSearchQuery,
} from '@parley/contracts';
import { Database, type Transaction } from '@parley/persistence';
import { fragmentsOf } from './highlight.js';
import { MatchFinder, maxRanked, type Hunt, type Stretch } from './match-finder.js';
import { MatchesRepository, maxSearchMs, type FoundRow, type Match } from './matches.repository.js';
import { decodePlace, encodePlace, type SearchPlace } from './search-cursor.js';
import { SearchTurns } from './search-turns.js';
import { anyId, type Bound } from './time-window.js';

/** What instances may be ahead of the database's clock. */
const skewUs = 300_000_000;

/** A stretch with its ends, and what of it is behind the place where the page begins, best first. */
interface Ranked {
  readonly place: SearchPlace;
  readonly rest: readonly Match[];
}

/** Finds messages by their words. The newest that fit are ranked among each other, then those that are older. */
@Injectable()
export class SearchService {
  constructor(
    private readonly database: Database,
    private readonly finder: MatchFinder,
    private readonly repository: MatchesRepository,
    private readonly turns: SearchTurns,
  ) {}

  /**
   * @throws AppError request.invalid without a word to look for, and of too many; cursor.invalid also for one of another search;
   * request.rate_limited, service.overloaded, where it would wait too long for its turn; service.timeout where it takes too long.
   */
  async page({ tenantId }: Identity, query: SessionSearchQuery): Promise<FoundMessages> {
    try {
      return await this.turns.run(tenantId, () => this.pageNow(tenantId, query));
    } catch (error) {
      throw isAppError(error) && error.code === 'service.timeout' ? tooLong(error) : error;
    }
  }

  private pageNow(tenantId: string, query: SessionSearchQuery): Promise<FoundMessages> {
    return this.database.inTenant(tenantId, async (tx) => {
      const { place, rest } = await this.rank(tx, tenantId, query);
      const matches = rest.slice(0, query.limit);
      return {
        data: await this.show(tx, tenantId, query, matches),
        next_cursor: nextCursor(query, place, rest.length > matches.length ? matches.at(-1) : undefined),
        ranked_since: place.end ? new Date(place.end.at / 1_000).toISOString() : null,
      };
    });
  }

  private async rank(tx: Transaction, tenantId: string, query: SessionSearchQuery): Promise<Ranked> {
    const { hasWords, words, now, after, before } = await this.repository.enter(tx, query);
    if (!hasWords) throw unfit('must have a word to look for');
    if (words > maxSearchWords) throw unfit(`must have at most ${maxSearchWords} words, and has ${words}`);
    const place: SearchPlace =
      query.cursor === undefined
        ? { until: { at: Math.min(now + skewUs, before ?? Infinity) - 1, id: anyId } }
        : decodePlace(query, query.cursor);
    const hunt = { tenantId, filters: query, until: place.until, since: Math.max(0, after ?? 0) };
    if (place.behind) return this.goOn(tx, hunt, place, place.behind);
    const { matches, end } = await this.finder.newest(tx, hunt);
    // The pages behind the first are without what is said from now on.
    const newest = query.cursor === undefined ? matches[0] : undefined;
    const until = newest ? { at: newest.at, id: anyId } : place.until;
    return { place: { until, end }, rest: byRank(matches) };
  }

  /** Of what was added to the stretch since, as much again is borne. */
  private async goOn(tx: Transaction, hunt: Hunt, place: SearchPlace, behind: Match): Promise<Ranked> {
    const since = Math.max(hunt.since, place.end?.at ?? 0);
    const { matches } = await this.finder.newest(tx, { ...hunt, since }, 2 * maxRanked);
    const { end } = place;
    const stretch = end ? matches.filter((match) => byTime(match, end) <= 0) : matches;
    return { place, rest: byRank(stretch).filter((match) => order(behind, match) < 0) };
  }

  private async show(tx: Transaction, tenantId: string, { q }: SessionSearchQuery, matches: Stretch['matches']) {
    if (matches.length === 0) return [];
    const rows = await this.repository.show(
      tx,
      tenantId,
      q,
      matches.map(({ id }) => id),
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    return matches.flatMap(({ id, rank }) => {
      const row = byId.get(id);
      return row ? [toFound(row, rank)] : [];
    });
  }
}

const nextCursor = (query: SessionSearchQuery, place: SearchPlace, behind: Match | undefined): string | null => {
  if (behind) return encodePlace(query, { ...place, behind });
  return place.end ? encodePlace(query, { until: place.end }) : null;
};

const descending = <T extends number | string>(a: T, b: T): number => (a === b ? 0 : a > b ? -1 : 1);
const byTime = (a: Bound, b: Bound): number => descending(a.at, b.at) || descending(a.id, b.id);
const order = (a: Match, b: Match): number => descending(a.rank, b.rank) || byTime(a, b);
const byRank = (matches: readonly Match[]): Match[] => matches.toSorted(order);

const toFound = (row: FoundRow, rank: number): FoundMessage => ({
  session_id: row.sessionId,
  session_name: row.sessionName,
  project_id: row.projectId,
  message_id: row.id,
  role: row.role,
  in_conversation: row.inConversation,
  created_at: row.createdAt.toISOString(),
  rank,
  fragments: fragmentsOf(row.text, row.marked),
});

const unfit = (message: string) => new AppError('request.invalid', { fields: [{ path: 'q', message }] });

const tooLong = (cause: AppError) =>
  new AppError('service.timeout', {
    detail: `The search took longer than ${maxSearchMs / 1_000} s: ask for fewer words, or for a shorter time`,
    cause,
  });
