import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '@parley/resilience/testing';
import type { LostCall } from './caller.js';
import { failing, hangs, newProvider, request, routerOf } from './providers.fixture.js';

describe('a route that cuts a target short', () => {
  /** The first target keeps silent, so that the second one has a quarter of a minute. */
  function newCut(firstByteTimeoutMs: number) {
    const clock = new ManualClock();
    const silent = newProvider('silent', [], { firstByteTimeoutMs });
    const slow = newProvider('slow', [], { firstByteTimeoutMs });
    const last = newProvider('last', []);
    const providers = [silent, slow, last].map(({ provider }) => provider);
    const { sut } = routerOf({ providers, clock, deadlineMs: 60_000, maxConcurrent: 30 });
    silent.complete.mockImplementation(hangs);
    slow.complete.mockImplementation(hangs);
    const targets = ['silent/m', 'slow/m', 'last/m'].map((model) => ({ model }));
    const lost: LostCall[] = [];
    const caller = { route: { strategy: 'ordered' as const, targets }, onLost: (one: LostCall) => void lost.push(one) };
    const askOften = async () => {
      const answers = Array.from({ length: 25 }, () => sut.complete(request('alias'), caller));
      await clock.advance(30_000);
      await clock.advance(15_000);
      return Promise.all(answers);
    };
    const health = () =>
      sut.guards.map((guard) => [guard.lane('m').breaker.state.kind, guard.lane('m').isAvoided] as const);
    return { lost, health, askOften };
  }

  it('says nothing of its health, which other tenants see: it is a timeout for this call alone', async () => {
    const { lost, health, askOften } = newCut(60_000);
    for (const { provider } of await askOften()) expect(provider).toBe('last');
    expect(health()).toEqual(Array(3).fill(['closed', false]));
    expect(lost).toHaveLength(50);
    for (const one of lost) expect(one).toMatchObject({ worked: true, error: { code: 'provider.timeout' } });
  });

  it('blames it where it was silent for as long as a first byte may take', async () => {
    const { health, askOften } = newCut(30_000);
    await askOften();
    expect(health()).toEqual([
      ['open', true],
      ['closed', false],
      ['closed', false],
    ]);
  });
});

it('a route does not blame its last target for the end of a time that others have used', async () => {
  const [first, last] = [newProvider('first', []), newProvider('last', [])];
  const { sut } = routerOf({ providers: [first.provider, last.provider], deadlineMs: 20, maxConcurrent: 30 });
  first.complete.mockRejectedValue(failing('provider.rate_limited'));
  last.complete.mockImplementation(hangs);
  const targets = [{ model: 'first/m' }, { model: 'last/m' }];
  const ask = () => sut.complete(request('alias'), { route: { strategy: 'ordered' as const, targets } });
  const calls = await Promise.allSettled(Array.from({ length: 25 }, ask));
  for (const call of calls) expect(call).toMatchObject({ status: 'rejected' });
  const lane = sut.guards.find(({ label }) => label === 'last')?.lane('m');
  expect([lane?.breaker.state.kind, lane?.breaker.counts.failures, lane?.isAvoided]).toEqual(['closed', 0, false]);
});
