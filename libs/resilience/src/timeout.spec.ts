import { describe, expect, it } from '@jest/globals';
import { isRejected } from './rejected.js';
import { ManualClock } from './testing.js';
import { timeout } from './timeout.js';

const newTimeout = () => {
  const clock = new ManualClock();
  return { clock, sut: timeout({ name: 'answer', ms: 100, clock }) };
};
const never = () => new Promise<never>(() => undefined);

describe('a timeout', () => {
  it('gives up at its time though the call heeds no signal', async () => {
    const { sut, clock } = newTimeout();
    const result = expect(sut.execute(never)).rejects.toMatchObject({ reason: 'timeout', policy: 'answer' });
    await clock.advance(100);
    await result;
  });

  it('tells the call that its time is up', async () => {
    const { sut, clock } = newTimeout();
    let seen: AbortSignal | undefined;
    const result = sut.execute((signal) => ((seen = signal), never()));
    await clock.advance(99);
    expect(seen?.aborted).toBe(false);
    await Promise.all([clock.advance(1), expect(result).rejects.toThrow('answer: the time is up')]);
    expect(isRejected(seen?.reason)).toBe(true);
  });

  it('leaves a call that is done in time alone, and no timer behind', async () => {
    const { sut, clock } = newTimeout();
    await expect(sut.execute(() => Promise.resolve('answer'))).resolves.toBe('answer');
    expect(clock.pending).toBe(0);
  });

  it('ends with its caller, also where the result is still being read', async () => {
    const { sut } = newTimeout();
    const caller = new AbortController();
    let seen: AbortSignal | undefined;
    await sut.execute(async (signal) => (seen = signal), caller.signal);
    caller.abort(new Error('gone'));
    expect(seen?.aborted).toBe(true);
  });

  it('rejects with the reason of a caller that gives up first', async () => {
    const { sut, clock } = newTimeout();
    const caller = new AbortController();
    const result = sut.execute(never, caller.signal);
    caller.abort(new Error('gone'));
    await expect(result).rejects.toThrow('gone');
    expect(clock.pending).toBe(0);
  });

  it('starts nothing for a caller that has already gone', async () => {
    const { sut } = newTimeout();
    let called = false;
    const result = sut.execute(async () => (called = true), AbortSignal.abort(new Error('gone')));
    await expect(result).rejects.toThrow('gone');
    expect(called).toBe(false);
  });
});
