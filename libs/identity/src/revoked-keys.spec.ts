import { describe, expect, it } from '@jest/globals';
import { TestClock } from '../test/test-clock.js';
import { RevokedKeys } from './revoked-keys.js';

describe('RevokedKeys', () => {
  it('knows a key until its tokens have expired, and forgets it with the next revocation after that', async () => {
    const clock = new TestClock();
    const sut = new RevokedKeys(clock);
    const inMs = (ms: number): Date => new Date(clock.now() + ms);

    sut.add('one', inMs(60_000));
    await clock.advance(59_999);
    sut.add('two', inMs(60_000));
    expect([sut.has('one'), sut.has('two'), sut.has('three')]).toEqual([true, true, false]);

    await clock.advance(1);
    sut.add('three', inMs(60_000));
    expect([sut.has('one'), sut.has('two'), sut.has('three')]).toEqual([false, true, true]);
  });
});
