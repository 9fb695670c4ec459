import { describe, expect, it } from '@jest/globals';
import type { Database } from '@parley/persistence';
import { systemClock } from '@parley/resilience';
import { SearchTurns } from './search-turns.js';

/** Searches of an instance with so many connections; each runs until it is ended. */
function searches(connections: number) {
  const turns = new SearchTurns({ connections } as Database, systemClock);
  const running: { readonly of: string; end(): void }[] = [];
  const run = (of: string) =>
    turns.run(of, () => new Promise<void>((resolve) => running.push({ of, end: () => resolve() })));
  return { run, running };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('searches', () => {
  it.each([
    [2, 1],
    [5, 3],
    [8, 4],
  ])('in an instance with %i connections have %i of them', async (connections, places) => {
    const { run, running } = searches(connections);
    const all = ['a', 'b', 'c', 'd', 'e'].map((tenant) => run(tenant));
    expect(running).toHaveLength(places);
    for (let n = 0; n < all.length; n++) {
      running[n]?.end();
      await settled();
    }
    await Promise.all(all);
  });

  it('of a tenant have half of the places, and those of another come between them', async () => {
    const { run, running } = searches(8);
    const all = [run('a'), run('a'), run('a'), run('b')];
    expect(running.map(({ of }) => of)).toEqual(['a', 'a', 'b']);
    for (let n = 0; n < all.length; n++) {
      running[n]?.end();
      await settled();
    }
    await Promise.all(all);
  });

  it('are refused where 16 of the tenant wait, or 32 tenants', async () => {
    const { run, running } = searches(2);
    const all = [...Array.from({ length: 17 }, () => run('a')), ...Array.from({ length: 32 }, (_, n) => run(`t${n}`))];
    await expect(run('a')).rejects.toMatchObject({ code: 'request.rate_limited', text: { retryAfterMs: 1_000 } });
    await expect(run('b')).rejects.toMatchObject({ name: 'RejectedError', reason: 'bulkhead_full' });
    expect(running).toHaveLength(1);
    for (let n = 0; n < all.length; n++) {
      running[n]?.end();
      await settled();
    }
    await Promise.all(all);
  });
});
