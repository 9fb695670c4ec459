import { describe, expect, it } from '@jest/globals';
import { Deadline } from './deadline.js';
import { ManualClock } from './testing.js';

describe('a deadline', () => {
  it('passes on what remains of it', async () => {
    const clock = new ManualClock();
    const sut = Deadline.fromHeader('500', clock);
    await clock.advance(180);
    expect(sut?.toHeader()).toBe('320');
    expect(sut?.at).toBe(clock.now() + 320);
    await clock.advance(1_000);
    expect(sut?.toHeader()).toBe('0');
  });

  it.each([undefined, '', 'soon', '-1', '1.5', '3600001', '99999999999'])('is not read from %j', (value) => {
    expect(Deadline.fromHeader(value)).toBeUndefined();
  });

  it('aborts its signal when it has passed', async () => {
    const clock = new ManualClock();
    const { signal } = Deadline.in(100, clock);
    await clock.advance(99);
    expect(signal.aborted).toBe(false);
    await clock.advance(1);
    expect(signal.reason).toMatchObject({ reason: 'timeout', policy: 'deadline' });
  });

  it('gives an aborted signal where it has passed already', () => {
    expect(Deadline.in(0, new ManualClock()).signal.aborted).toBe(true);
  });

  it('starts its timer on first use of the signal and leaves none behind when released', () => {
    const clock = new ManualClock();
    const sut = Deadline.in(100, clock);
    expect(clock.pending).toBe(0);
    expect(sut.signal).toBe(sut.signal);
    expect(clock.pending).toBe(1);
    sut.release();
    expect(clock.pending).toBe(0);
  });
});
