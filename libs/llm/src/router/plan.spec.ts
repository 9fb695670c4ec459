import { describe, expect, it } from '@jest/globals';
import type { CompletionRequest } from '@parley/contracts';
import { ManualClock } from '@parley/resilience/testing';
import { completion, failing, newProvider, request, routerOf } from './providers.fixture.js';
import type { Route, RouteStrategy } from './route.js';

function newStrategy(strategy: RouteStrategy, weights: readonly number[] = [1, 1, 1]) {
  const clock = new ManualClock();
  const names = ['first', 'second', 'third'];
  const providers = names.map((name) => newProvider(name, []));
  // A linear congruential generator (Numerical Recipes, 3rd ed., ch. 7.1): the same numbers in each run.
  let seed = 1;
  const random = () => (seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
  const { sut } = routerOf({ providers: providers.map(({ provider }) => provider), clock, random });
  const route: Route = {
    strategy,
    targets: names.map((name, index) => ({ model: `${name}/m`, weight: weights[index] })),
  };
  const ask = async (asked: CompletionRequest = request('alias')) => (await sut.complete(asked, { route })).provider;
  const shares = async (calls: number, question?: (call: number) => CompletionRequest) => {
    const counts = { first: 0, second: 0, third: 0 };
    for (let call = 0; call < calls; call += 1) {
      const provider = await ask(question?.(call));
      counts[provider as keyof typeof counts] += 1;
    }
    return counts;
  };
  const [first, second, third] = providers;
  if (!first || !second || !third) throw new Error('there are three');
  return { clock, first, second, third, ask, shares };
}

const asking = (text: string, ...later: string[]): CompletionRequest => ({
  ...request('alias'),
  messages: [text, ...later].map((one, index) => ({
    role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
    content: [{ type: 'text' as const, text: one }],
  })),
});

describe('targets by weight', () => {
  it('get their shares of the calls', async () => {
    const { shares } = newStrategy('weighted', [6, 3, 1]);
    const { first, second, third } = await shares(1_000);
    expect(Math.abs(first - 600)).toBeLessThan(50);
    expect(Math.abs(second - 300)).toBeLessThan(50);
    expect(Math.abs(third - 100)).toBeLessThan(50);
  });

  it('of nothing are asked when the others fail', async () => {
    const { shares, first, second } = newStrategy('weighted', [1, 1, 0]);
    expect((await shares(100)).third).toBe(0);
    first.complete.mockRejectedValue(failing('provider.failed'));
    second.complete.mockRejectedValue(failing('provider.failed'));
    expect((await shares(1)).third).toBe(1);
  });

  it('are not asked for a while after they failed', async () => {
    const { shares, first, clock } = newStrategy('weighted', [1, 0, 0]);
    first.complete.mockRejectedValueOnce(failing('provider.unauthorized'));
    expect((await shares(10)).first).toBe(0);
    expect(first.complete).toHaveBeenCalledTimes(1);
    await clock.advance(1_000);
    expect((await shares(10)).first).toBe(10);
  });
});

describe('the fastest target', () => {
  const takes = (clock: ManualClock, ms: () => number) => async () => {
    await clock.advance(ms());
    return completion('m');
  };

  it('is found by asking each once, and asked from then on', async () => {
    const { clock, first, second, third, shares } = newStrategy('fastest');
    first.complete.mockImplementation(takes(clock, () => 300));
    second.complete.mockImplementation(takes(clock, () => 100));
    third.complete.mockImplementation(takes(clock, () => 200));
    expect(await shares(3)).toEqual({ first: 1, second: 1, third: 1 });
    expect(await shares(50)).toEqual({ first: 0, second: 50, third: 0 });
  });

  it('gives way to one that was slow and is fast again, which one call at a time finds out', async () => {
    const { clock, first, second, third, shares } = newStrategy('fastest');
    let firstMs = 2_000;
    first.complete.mockImplementation(takes(clock, () => firstMs));
    second.complete.mockImplementation(takes(clock, () => 500));
    third.complete.mockImplementation(takes(clock, () => 2_000));
    await shares(3);
    firstMs = 50;
    const { first: asked, third: still } = await shares(2_000);
    expect(asked).toBeGreaterThan(1_000);
    expect(still).toBeLessThan(30);
  });

  it('is not one that just failed, however fast that was', async () => {
    const { clock, first, second, third, shares } = newStrategy('fastest');
    first.complete.mockRejectedValue(failing('provider.failed'));
    second.complete.mockImplementation(takes(clock, () => 10));
    third.complete.mockImplementation(takes(clock, () => 100));
    expect((await shares(20)).first).toBe(0);
    expect(first.complete.mock.calls.length).toBeLessThan(3);
  });
});

describe('affinity to a prompt cache', () => {
  it('asks the same target for all turns of a conversation, and shares conversations among the targets', async () => {
    const { ask, shares } = newStrategy('cache_affinity');
    for (let conversation = 0; conversation < 20; conversation += 1) {
      const opening = `Question ${conversation}`;
      const provider = await ask(asking(opening));
      expect(await ask(asking(opening, 'An answer', 'More?'))).toBe(provider);
      expect(await ask(asking(opening, 'An answer', 'More?', 'No', 'Why?'))).toBe(provider);
    }
    const counts = await shares(300, (call) => asking(`Question ${call}`));
    for (const count of Object.values(counts)) expect(Math.abs(count - 100)).toBeLessThan(40);
  });

  it('shares them by weight', async () => {
    const { shares } = newStrategy('cache_affinity', [8, 1, 1]);
    const { first } = await shares(300, (call) => asking(`Question ${call}`));
    expect(Math.abs(first - 240)).toBeLessThan(30);
  });

  it('moves a conversation only while its target fails, and no other conversation', async () => {
    const { ask, first, clock } = newStrategy('cache_affinity');
    const openings = Array.from({ length: 30 }, (_, index) => `Question ${index}`);
    const askAll = async () => {
      const providers: string[] = [];
      for (const opening of openings) providers.push(await ask(asking(opening)));
      return providers;
    };
    const before = await askAll();
    first.complete.mockRejectedValue(failing('provider.failed'));
    const during = await askAll();
    expect(during).not.toContain('first');
    before.forEach((provider, index) => provider !== 'first' && expect(during[index]).toBe(provider));
    first.complete.mockImplementation(async () => completion('m'));
    await clock.advance(60_000);
    expect(await askAll()).toEqual(before);
  });

  it('asks the same target for all questions of one prompt cache key', async () => {
    const { shares } = newStrategy('cache_affinity');
    const vendor = { openai: { prompt_cache_key: 'a customer' } };
    const counts = await shares(20, (call) => ({ ...asking(`Question ${call}`), vendor }));
    expect(Object.values(counts).sort()).toEqual([0, 0, 20]);
  });

  it('tells questions apart by their tools and instructions, too', async () => {
    const { ask } = newStrategy('cache_affinity');
    const providers = new Set<string>();
    for (let variant = 0; variant < 20; variant += 1) {
      const tools = [{ type: 'function' as const, name: `tool_${variant}` }];
      providers.add(await ask({ ...asking('The same question'), tools }));
    }
    expect(providers.size).toBeGreaterThan(1);
  });
});
