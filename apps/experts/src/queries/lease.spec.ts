import { describe, expect, it, jest } from '@jest/globals';
import { ManualClock } from '@parley/resilience/testing';
import { silentLog } from '@parley/service-kit';
import { keepLease } from './lease.js';

function newLease() {
  const clock = new ManualClock();
  const renew = jest.fn(() => Promise.resolve(true));
  const onLost = jest.fn();
  const release = keepLease({ leaseMs: 15_000, renew, onLost, clock, log: silentLog });
  return { clock, renew, onLost, release };
}

describe('a lease', () => {
  it('is renewed three times in its time, until it is let go', async () => {
    const { clock, renew, release } = newLease();
    await clock.advance(15_000);
    expect(renew).toHaveBeenCalledTimes(3);
    release();
    await clock.advance(60_000);
    expect(renew).toHaveBeenCalledTimes(3);
    expect(clock.pending).toBe(0);
  });

  it('is renewed again after a renewal that failed', async () => {
    const { clock, renew, onLost } = newLease();
    renew.mockRejectedValueOnce(new Error('no connection'));
    await clock.advance(10_000);
    expect(renew).toHaveBeenCalledTimes(2);
    expect(onLost).not.toHaveBeenCalled();
  });

  it('says once that it was lost', async () => {
    const { clock, renew, onLost } = newLease();
    renew.mockResolvedValueOnce(false);
    await clock.advance(60_000);
    expect(onLost).toHaveBeenCalledTimes(1);
    expect(clock.pending).toBe(0);
  });

  it('is not lost by a renewal that ends after it was let go', async () => {
    const { clock, renew, onLost, release } = newLease();
    const answer = Promise.withResolvers<boolean>();
    renew.mockReturnValueOnce(answer.promise);
    await clock.advance(5_000);
    release();
    answer.resolve(false);
    await clock.advance(60_000);
    expect(onLost).not.toHaveBeenCalled();
  });
});
