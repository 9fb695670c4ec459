import { describe, expect, it } from '@jest/globals';
import type { Transaction } from '@parley/persistence';
import fc from 'fast-check';
import { MatchFinder, maxRanked } from './match-finder.js';
import { MatchesRepository, maxSeen, type Looked, type Match } from './matches.repository.js';
import { anyId } from './time-window.js';

const tenantId = '0198c0de-0000-4000-8000-000000000001';
const now = Date.UTC(2026, 6, 1) * 1_000;
const day = 86_400_000_000;
const tx = {} as Transaction;
const hunt = { tenantId, filters: { q: 'word' }, until: { at: now, id: anyId }, since: 0 };

interface Kept {
  readonly at: number;
  readonly fits: boolean;
}

/** Messages with the words, as the index has them; it counts what is looked at. */
class Index extends MatchesRepository {
  seen = 0;
  looks = 0;
  private readonly messages: readonly (Match & Kept)[];

  constructor(kept: readonly Kept[]) {
    super();
    const id = (n: number) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
    this.messages = kept
      .map((one, n) => ({ ...one, id: id(n), rank: 1 }))
      .sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
  }

  fitting(): readonly string[] {
    return this.messages.filter(({ fits }) => fits).map(({ id }) => id);
  }

  override look(_: Transaction, { window, since, until, limit }: Looked) {
    const end = window.level === 0 ? Infinity : window.start + 2 ** window.level;
    const within = this.messages
      .filter(
        ({ at, id }) =>
          at >= Math.max(window.start, since) && at < end && (at < until.at || (at === until.at && id < until.id)),
      )
      .slice(0, maxSeen);
    this.seen += within.length;
    this.looks++;
    return Promise.resolve({ seen: within.length, matches: within.filter(({ fits }) => fits).slice(0, limit) });
  }
}

const every = (count: number, apartUs: number, fits = true): Kept[] =>
  Array.from({ length: count }, (_, n) => ({ at: now - n * apartUs, fits }));

describe('the newest matches', () => {
  it.each([
    ['that come by the second', every(300_000, 1_000_000)],
    ['that come once a day', every(3_000, day)],
    ['that came long ago, all at once', every(3_000, 1).map((one) => ({ ...one, at: one.at - 3_000 * day }))],
  ])('of those %s are found without looking at many that are older', async (_, kept) => {
    const index = new Index(kept);
    const { matches, end } = await new MatchFinder(index).newest(tx, hunt);

    expect(matches.map(({ id }) => id)).toEqual(index.fitting().slice(0, maxRanked));
    expect(end).toMatchObject({ id: index.fitting()[maxRanked - 1] });
    expect(index.seen).toBeLessThan(3 * maxSeen);
    expect(index.looks).toBeLessThan(12);
  });

  it('of a word that nobody said are none, after a few looks', async () => {
    const index = new Index([]);
    expect(await new MatchFinder(index).newest(tx, hunt)).toEqual({ matches: [], end: undefined });
    expect(index.looks).toBeLessThan(5);
  });

  it('are those that were found, where what is common fits nowhere for long', async () => {
    const index = new Index([...every(100_000, 60_000_000, false), { at: now - 90 * day, fits: true }]);
    const { matches, end } = await new MatchFinder(index).newest(tx, hunt);

    expect(matches).toEqual([]);
    expect(end?.at).toBeLessThan(now - 5 * day);
    expect(index.seen).toBeLessThan(20_000);
  });

  it('and those that are older come to all of them once, however they lie in time', async () => {
    const gap = fc.oneof(fc.constant(0), fc.nat(1_000), fc.nat(10_000_000), fc.nat(day), fc.nat(60 * day));
    const crowd = fc.record({
      gap,
      count: fc.oneof(fc.nat(5), fc.nat(2_000)),
      apart: fc.nat(5_000_000),
      fits: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(crowd, { maxLength: 8 }), fc.nat(400 * day), async (crowds, reach) => {
        let at = now;
        const kept = crowds.flatMap(({ gap: before, count, apart, fits }) => {
          at -= before;
          return Array.from({ length: count }, () => ({ at: (at -= apart), fits }));
        });
        const since = now - reach;
        const index = new Index(kept.filter((one) => one.at >= since));
        const found: string[] = [];
        let until: typeof hunt.until | undefined = hunt.until;
        while (until) {
          const { matches, end } = await new MatchFinder(index).newest(tx, { ...hunt, until, since });
          found.push(...matches.map(({ id }) => id));
          until = end;
        }
        expect(found).toEqual(index.fitting());
      }),
      { numRuns: 60 },
    );
  });
});
