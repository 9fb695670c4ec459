import { describe, expect, it } from '@jest/globals';
import { circuitBreaker } from './breaker/circuit-breaker.js';
import { bulkhead } from './bulkhead/bulkhead.js';
import { compose, type Policy } from './policy.js';
import { isRejected } from './rejected.js';
import { retry } from './retry/retry.js';
import { ManualClock } from './testing.js';
import { timeout } from './timeout.js';

const noting = (name: string, order: string[]): Policy => ({
  async execute(fn, signal = AbortSignal.abort()) {
    order.push(name);
    return fn(signal);
  },
});

describe('composed policies', () => {
  it('nest with the first outermost', async () => {
    const order: string[] = [];
    const sut = compose(noting('outer', order), noting('inner', order));
    await expect(sut.execute(async () => order.push('call'))).resolves.toBe(3);
    expect(order).toEqual(['outer', 'inner', 'call']);
  });

  it('hand the signal of the caller through', async () => {
    const caller = new AbortController();
    const seen = await compose(noting('only', [])).execute(async (signal) => signal, caller.signal);
    expect(seen).toBe(caller.signal);
  });

  it('bound retries by the outermost timeout and let the breaker refuse the rest', async () => {
    const clock = new ManualClock();
    const breaker = circuitBreaker({ name: 'target', minimumCalls: 3, openMs: 60_000, clock });
    const sut = compose(
      timeout({ ms: 10_000, clock }),
      retry({ attempts: 5, baseDelayMs: 10, maxDelayMs: 10, decide: (e) => (isRejected(e) ? 'stop' : 'retry'), clock }),
      breaker,
      bulkhead({ name: 'target', maxConcurrent: 1, maxQueued: 0, queueTimeoutMs: 1, clock }),
    );
    let calls = 0;
    const result = sut.execute(async () => {
      calls += 1;
      throw new Error('broken');
    });
    const refused = expect(result).rejects.toMatchObject({ reason: 'breaker_open' });
    await clock.advance(1_000);
    await refused;
    expect([calls, breaker.state.kind, clock.pending]).toEqual([3, 'open', 0]);
  });
});
