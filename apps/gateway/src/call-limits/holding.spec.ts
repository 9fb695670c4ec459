import { describe, expect, it } from '@jest/globals';
import { holding } from './holding.js';

describe('a stream’s place', () => {
  async function* numbers(failure?: Error) {
    yield 1;
    yield 2;
    if (failure) throw failure;
  }
  const newPlace = () => {
    const place = { left: 0, leave: () => void (place.left += 1) };
    return place;
  };

  it('is left when the stream has ended, and not before', async () => {
    const place = newPlace();
    const seen: (readonly [number, number])[] = [];
    for await (const number of holding(place, numbers())) seen.push([number, place.left]);
    expect(seen).toEqual([
      [1, 0],
      [2, 0],
    ]);
    expect(place.left).toBe(1);
  });

  it('is left when the stream breaks off, and when its reader goes', async () => {
    const [broken, abandoned] = [newPlace(), newPlace()];
    const broke = holding(broken, numbers(new Error('broke off')));
    await expect(Array.fromAsync(broke)).rejects.toThrow('broke off');
    const read = holding(abandoned, numbers());
    await read.next();
    await read.return();

    expect([broken.left, abandoned.left]).toEqual([1, 1]);
  });
});
