import { describe, expect, it } from '@jest/globals';
import type { BreakerStateName, HeldBreaker } from '@parley/contracts';
import { breakersOf, type Heard } from './gathered.js';

const breaker = (name: string, state: BreakerStateName = 'closed', named_by_caller = false): HeldBreaker => ({
  ...{ name, state, named_by_caller },
  retry_at: null,
  counts: { calls: 0, failures: 0, slow: 0, refused: 0 },
  last_change: null,
});

const heard = (instance: string, ...data: HeldBreaker[]): Heard => ({
  at: { id: instance, service: 'gateway', host: 'h', port: 1, origin: 'http://h:1', version: null },
  held: data,
});

const reportsOf = (...all: Heard[]) => breakersOf({ heard: all, notAnswering: [] }).map(({ report }) => report);

describe('what all instances say', () => {
  it.each<[BreakerStateName, BreakerStateName[]]>([
    ['closed', ['closed', 'closed']],
    ['half_open', ['closed', 'half_open']],
    ['open', ['half_open', 'open', 'closed']],
  ])('is %s where they have it %j', (state, held) => {
    const [report] = reportsOf(...held.map((one, at) => heard(`g${at}`, breaker('acme/m', one))));
    expect(report).toMatchObject({ state, held_by: held.map((one) => ({ state: one })) });
  });

  it('is in the order of the names', () => {
    const reports = reportsOf(heard('g1', breaker('b/1'), breaker('a/2')), heard('g2', breaker('a/1')));
    expect(reports.map(({ name }) => name)).toEqual(['a/1', 'a/2', 'b/1']);
  });

  it('hides all of a typed name but what the platform has put before it, and tells names apart', () => {
    const typed = ['acme/ours', 'acme/theirs', 'acme#2/ours', 'no-slash'].map((name) => breaker(name, 'open', true));
    const names = reportsOf(heard('g1', ...typed)).map(({ name }) => name);
    expect(new Set(names).size).toBe(4);
    expect(names.map((name) => name.replace(/[0-9a-f]{12}$/, '…'))).toEqual(['acme#2/~…', 'acme/~…', 'acme/~…', '~…']);
  });
});
