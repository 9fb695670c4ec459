import { describe, expect, it } from '@jest/globals';
import { readOn } from './read-on.js';

function newSource(failure?: Error) {
  const read: number[] = [];
  async function* source() {
    for (const n of [1, 2, 3]) {
      read.push(n);
      yield n;
    }
    if (failure) throw failure;
  }
  const rests: Promise<void>[] = [];
  return { read, rests, sut: readOn(source(), (rest) => void rests.push(rest)) };
}

describe('a source that is read on', () => {
  it('gives a reader who stays everything, and has no rest', async () => {
    const { sut, rests } = newSource();
    expect(await Array.fromAsync(sut)).toEqual([1, 2, 3]);
    expect(rests).toEqual([]);
  });

  it('is read to its end after the reader has left', async () => {
    const { sut, read, rests } = newSource();
    for await (const n of sut) if (n === 1) break;
    await Promise.all(rests);
    expect({ read, rests: rests.length }).toEqual({ read: [1, 2, 3], rests: 1 });
  });

  it('tells its failure to a reader who stays, and the rest’s to nobody else', async () => {
    const { sut, rests } = newSource(new Error('cut off'));
    await expect(Array.fromAsync(sut)).rejects.toThrow('cut off');
    expect(rests).toEqual([]);
  });

  it('tells its failure to whoever holds the rest', async () => {
    const { sut, rests } = newSource(new Error('cut off'));
    for await (const n of sut) if (n === 1) break;
    await expect(rests[0]).rejects.toThrow('cut off');
  });
});
