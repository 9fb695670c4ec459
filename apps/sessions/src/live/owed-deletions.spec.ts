import { expect, it } from '@jest/globals';
import type { RedisConnection } from '@parley/cache';
import { ManualClock } from '@parley/resilience/testing';
import type { Shutdown } from '@parley/service-kit';
import { OwedDeletions } from './owed-deletions.js';

/** A Redis that is away until it is told otherwise, and how often it was asked. */
function newDeletions() {
  const state = { away: true, asked: 0 };
  const run = async () => {
    state.asked += 1;
    if (state.away) throw new Error('away');
  };
  const steps: (() => Promise<void>)[] = [];
  const shutdown = { register: (_: string, step: () => Promise<void>) => void steps.push(step) };
  const clock = new ManualClock();
  const sut = new OwedDeletions({ run } as unknown as RedisConnection, clock, shutdown as unknown as Shutdown);
  const seconds = async (count: number) => {
    for (let second = 0; second < count; second += 1) await clock.advance(1_000);
  };
  return { sut, state, seconds, drain: () => Promise.all(steps.map((step) => step())) };
}

it('a deletion that Redis took is asked for once', async () => {
  const { sut, state, seconds } = newDeletions();
  state.away = false;
  await sut.delete('tenant', 'session');
  await seconds(5);
  expect(state.asked).toBe(1);
});

it('however many deletions are owed, one is tried a second, and all are done once Redis is back', async () => {
  const { sut, state, seconds } = newDeletions();
  for (const session of ['a', 'b', 'c']) await sut.delete('tenant', session);
  await seconds(10);
  expect(state.asked).toBe(13);
  state.away = false;
  await seconds(5);
  expect(state.asked).toBe(16);
});

it('a deletion is given up when what it was for has expired', async () => {
  const { sut, state, seconds } = newDeletions();
  await sut.delete('tenant', 'session');
  await seconds(15 * 60);
  const { asked } = state;
  state.away = false;
  await seconds(5);
  expect(state.asked).toBe(asked);
});

it('a drain tries once more, and then no timer is left', async () => {
  const { sut, state, seconds, drain } = newDeletions();
  await sut.delete('tenant', 'session');
  await drain();
  await seconds(5);
  expect(state.asked).toBe(2);
});
