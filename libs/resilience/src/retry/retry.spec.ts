import { describe, expect, it, jest } from '@jest/globals';
import type { PolicyEvent } from '../events.js';
import { ManualClock } from '../testing.js';
import { RetryBudget } from './retry-budget.js';
import { Retry, type RetryOptions } from './retry.js';

const broken = new Error('broken');

function newRetry(options: Partial<RetryOptions> = {}) {
  const clock = new ManualClock();
  const sut = new Retry({
    attempts: 4,
    baseDelayMs: 100,
    maxDelayMs: 300,
    decide: () => 'retry',
    random: () => 1 - Number.EPSILON,
    clock,
    ...options,
  });
  const events: PolicyEvent[] = [];
  sut.on((event) => events.push(event));
  const delays = () => events.map((event) => (event.kind === 'retry' ? Math.round(event.delayMs) : NaN));
  const fn = jest.fn<(signal: AbortSignal) => Promise<string>>();
  return { sut, clock, events, delays, fn };
}

describe('a retry', () => {
  it('tries once where the first try succeeds', async () => {
    const { sut, fn, events } = newRetry();
    fn.mockResolvedValue('answer');
    await expect(sut.execute(fn)).resolves.toBe('answer');
    expect(fn).toHaveBeenCalledTimes(1);
    expect(events).toEqual([]);
  });

  it('doubles the bound of its delay up to the maximum, and ends with the last error', async () => {
    const { sut, fn, clock, delays } = newRetry();
    fn.mockRejectedValue(broken);
    const result = expect(sut.execute(fn)).rejects.toBe(broken);
    await clock.advance(10_000);
    await result;
    expect(fn).toHaveBeenCalledTimes(4);
    expect(delays()).toEqual([100, 200, 300]);
  });

  it('takes its delay from the whole range between nothing and the bound', async () => {
    const { sut, fn, clock, delays } = newRetry({ random: () => 0.25 });
    fn.mockRejectedValueOnce(broken).mockResolvedValue('answer');
    const result = sut.execute(fn);
    await clock.advance(25);
    await expect(result).resolves.toBe('answer');
    expect(delays()).toEqual([25]);
  });

  it('does not try again what is not worth it', async () => {
    const { sut, fn } = newRetry({ decide: (error) => (error === broken ? 'stop' : 'retry') });
    fn.mockRejectedValue(broken);
    await expect(sut.execute(fn)).rejects.toBe(broken);
    expect(fn).toHaveBeenCalledTimes(1);
  });

  it('waits at least as long as the target asks for', async () => {
    const { sut, fn, clock } = newRetry({ decide: () => ({ afterMs: 250 }), random: () => 0 });
    fn.mockRejectedValueOnce(broken).mockResolvedValue('answer');
    const result = sut.execute(fn);
    await clock.advance(249);
    expect(fn).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    await expect(result).resolves.toBe('answer');
  });

  it('does not wait for a target that asks for more than the maximum', async () => {
    const { sut, fn } = newRetry({ decide: () => ({ afterMs: 301 }) });
    fn.mockRejectedValue(broken);
    await expect(sut.execute(fn)).rejects.toBe(broken);
    expect(fn).toHaveBeenCalledTimes(1);
  });

  it('stops when the budget is used up', async () => {
    const clock = new ManualClock();
    const { sut, fn } = newRetry({ clock, budget: new RetryBudget({ ratio: 1, minPerSecond: 0, clock }) });
    fn.mockRejectedValue(broken);
    const result = expect(sut.execute(fn)).rejects.toBe(broken);
    await clock.advance(10_000);
    await result;
    expect(fn).toHaveBeenCalledTimes(2);
  });

  it('stops waiting at once when the caller does, and leaves no timer', async () => {
    const { sut, fn, clock } = newRetry();
    const caller = new AbortController();
    fn.mockRejectedValue(broken);
    const result = expect(sut.execute(fn, caller.signal)).rejects.toThrow('gone');
    await clock.advance(0);
    expect(clock.pending).toBe(1);
    caller.abort(new Error('gone'));
    await result;
    expect(clock.pending).toBe(0);
    expect(fn).toHaveBeenCalledTimes(1);
  });

  it('does not try again for a caller that has gone meanwhile', async () => {
    const { sut, events } = newRetry();
    const caller = new AbortController();
    const result = sut.execute(async () => {
      caller.abort();
      throw broken;
    }, caller.signal);
    await expect(result).rejects.toBe(broken);
    expect(events).toEqual([]);
  });
});
