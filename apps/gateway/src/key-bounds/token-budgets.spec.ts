import { describe, expect, it } from '@jest/globals';
import type { Identity } from '@parley/contracts';
import type { RateLimiter } from '@parley/limits';
import { ManualClock } from '@parley/resilience/testing';
import { anthropicBudget } from '../dialects/anthropic/budget.js';
import { openaiBudget } from '../dialects/openai/budget.js';
import { demandRoom, spent, TokenBudgets } from './token-budgets.js';

const bounded = { tenantId: 'acme', subject: 'ada', keyId: 'key', tokensPerMinute: 1_000 } as Identity;
const { tokensPerMinute: _, ...unbounded } = bounded;
/** In classes that do not overlap: 100 of the 111 that went in came from a cache or went into it. */
const tokens = { input: 11, output: 20, cache_read: 70, cache_write: 30, reasoning: 5 };

function newBudgets() {
  const asked: unknown[] = [];
  const limiter = {
    look: async (look: object) => {
      asked.push({ look });
      return { allowed: true, limit: 1_000, remaining: 400, resetMs: 1_200, retryAfterMs: 0, source: 'redis' };
    },
    charge: async (charge: object) => void asked.push({ charge }),
  };
  const clock = new ManualClock();
  return { sut: new TokenBudgets(limiter as unknown as RateLimiter, clock), asked, clock };
}

describe('the tokens per minute of a key', () => {
  it('are looked at before a call, and charged with what it processed, each token once', async () => {
    const { sut, asked } = newBudgets();
    await sut.of(bounded);
    await sut.charge(bounded, tokens);

    const key = 'acme:key:tokens';
    expect(asked).toEqual([{ look: { key, limit: 1_000 } }, { charge: { key, cost: 136 } }]);
  });

  it('cost callers without such a bound nothing, not even a question', async () => {
    const { sut, asked } = newBudgets();

    expect(await sut.of(unbounded)).toBeUndefined();
    await sut.charge(unbounded, tokens);

    expect(asked).toEqual([]);
  });

  it('are told in the manner of the dialect', async () => {
    const { sut, clock } = newBudgets();
    const budget = await sut.of(bounded);
    if (!budget) throw new Error('there is a budget');

    expect(openaiBudget.writeReset(budget)).toBe('1.2s');
    expect(anthropicBudget.writeReset(budget)).toBe(new Date(clock.now() + 1_200).toISOString());
    expect(spent(budget, tokens).remaining).toBe(264);
    expect(spent({ ...budget, remaining: 9 }, tokens).remaining).toBe(0);
  });

  it('refuse a call when they are used up, until there is room again', async () => {
    const budget = await newBudgets().sut.of(bounded);
    if (!budget) throw new Error('there is a budget');

    expect(() => demandRoom(budget)).not.toThrow();
    expect(() => demandRoom({ ...budget, allowed: false, retryAfterMs: 700 })).toThrow(
      expect.objectContaining({ code: 'request.rate_limited', text: expect.objectContaining({ retryAfterMs: 700 }) }),
    );
  });
});
