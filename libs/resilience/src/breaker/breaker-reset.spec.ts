import { describe, expect, it } from '@jest/globals';
import { broken, fails, newBreaker, works } from './new-breaker.fixture.js';

describe('a breaker that is looked at', () => {
  it('tells while closed what its window counts', async () => {
    const { sut, call, clock, takes } = newBreaker({ slowCallMs: 100, minimumCalls: 10 });
    await call(works, 2);
    await call(fails);
    await call(takes(101, works));
    expect(sut.counts).toEqual({ calls: 4, failures: 1, slow: 1 });
    expect(sut.lastChange).toBeUndefined();
    await clock.advance(10_000);
    expect(sut.counts).toEqual({ calls: 0, failures: 0, slow: 0 });
  });

  it('tells until it is closed again what it was opened for, when, and how many calls it has refused', async () => {
    const { sut, opened, call, clock } = newBreaker();
    await opened();
    const openedAt = clock.now();
    await call(works, 3);
    expect(sut.counts).toEqual({ calls: 4, failures: 4, slow: 0 });
    expect(sut.refused).toBe(3);
    expect(sut.lastChange).toEqual({ at: openedAt, from: 'closed', to: 'open' });

    await clock.advance(1_000);
    await call(fails);
    expect(sut.counts).toEqual({ calls: 4, failures: 4, slow: 0 });
    expect(sut.refused).toBe(3);
    expect(sut.lastChange).toEqual({ at: clock.now(), from: 'half-open', to: 'open' });

    await clock.advance(1_000);
    await call(works);
    expect(sut.counts).toEqual({ calls: 0, failures: 0, slow: 0 });
    expect(sut.refused).toBe(0);
  });
});

describe('a breaker that is reset', () => {
  it('lets calls through at once, and tells of the change', async () => {
    const { sut, opened, clock, changes } = newBreaker();
    await opened();
    await clock.advance(10);
    sut.reset();
    expect(changes.at(-1)).toEqual({ kind: 'breaker.changed', name: 'auth', from: 'open', to: 'closed' });
    expect(sut.lastChange).toEqual({ at: clock.now(), from: 'open', to: 'closed' });
    await expect(sut.execute(works)).resolves.toBe('answer');
  });

  it('forgets while closed what it has counted', async () => {
    const { sut, call } = newBreaker();
    await call(fails, 3);
    sut.reset();
    await call(fails, 3);
    expect(sut.state.kind).toBe('closed');
  });

  it.each([0, 1_000])('counts no call that was under way, %d ms after it opened', async (waitMs) => {
    const { sut, opened, call, clock } = newBreaker();
    const early = Promise.withResolvers<string>();
    const calls = [sut.execute(() => early.promise)];
    await opened();
    await clock.advance(waitMs);
    calls.push(sut.execute(() => early.promise));
    sut.reset();
    early.reject(broken);
    await Promise.allSettled(calls);
    await call(fails, 3);
    expect(sut.state.kind).toBe('closed');
  });
});
