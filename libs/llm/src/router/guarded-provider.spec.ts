import { expect, it } from '@jest/globals';
import { ManualClock } from '@parley/resilience/testing';
import type { ModelProvider } from '../provider.js';
import { GuardedProvider, newBudget } from './guarded-provider.js';

it('forgets the model that was not asked for the longest time, and none that is in use', () => {
  const clock = new ManualClock();
  const sut = new GuardedProvider(
    { name: 'a-provider', credential: '2' } as ModelProvider,
    { bulkheads: [], budget: newBudget(clock) },
    { limits: { maxConcurrent: 1, maxQueued: 0 }, listener: () => undefined, clock },
  );
  const used = sut.lane('used');
  const idle = sut.lane('idle');
  for (let model = 0; model < 999; model += 1) {
    sut.lane(`model-${model}`);
    sut.lane('used');
  }
  expect(sut.breakerStates.size).toBe(1_000);
  expect(sut.lane('used')).toBe(used);
  expect(sut.lane('idle')).not.toBe(idle);
  expect(used.breaker.name).toBe('a-provider#2/used');
});
