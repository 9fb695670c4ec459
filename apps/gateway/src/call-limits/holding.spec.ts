import { describe, expect, it } from '@jest/globals';
import { holding } from './holding.js';

describe('a stream’s lease', () => {
  async function* numbers(failure?: Error) {
    yield 1;
    yield 2;
    if (failure) throw failure;
  }
  const newLease = () => {
    const lease = { left: 0, leave: () => void (lease.left += 1) };
    return lease;
  };

  it('is left when the stream has ended, and not before', async () => {
    const lease = newLease();
    const seen: (readonly [number, number])[] = [];
    for await (const number of holding(lease, numbers())) seen.push([number, lease.left]);
    expect(seen).toEqual([
      [1, 0],
      [2, 0],
    ]);
    expect(lease.left).toBe(1);
  });

  it('is left when the stream breaks off, and when its reader goes', async () => {
    const [broken, abandoned] = [newLease(), newLease()];
    const broke = holding(broken, numbers(new Error('broke off')));
    await expect(Array.fromAsync(broke)).rejects.toThrow('broke off');
    const read = holding(abandoned, numbers());
    await read.next();
    await read.return();

    expect([broken.left, abandoned.left]).toEqual([1, 1]);
  });
});
