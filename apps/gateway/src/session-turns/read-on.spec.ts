import { describe, expect, it } from '@jest/globals';
import { readOn } from './read-on.js';

function newSource(failure?: Error) {
  const read: number[] = [];
  const ended = Promise.withResolvers<undefined>();
  const abort = new AbortController();
  async function* source() {
    try {
      for (const n of [1, 2, 3]) {
        abort.signal.throwIfAborted();
        read.push(n);
        yield n;
      }
      if (failure) throw failure;
    } finally {
      ended.resolve(undefined);
    }
  }
  const rests: Promise<void>[] = [];
  const sut = readOn(source(), (rest) => void rests.push(rest), abort.signal);
  return { read, rests, abort, ended: ended.promise, sut };
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

  it('ends when it is aborted, though its reader takes nothing, who then learns why', async () => {
    const { sut, read, abort, ended } = newSource();
    expect(await sut.next()).toEqual({ done: false, value: 1 });
    abort.abort(new Error('stopped'));
    await ended;
    await expect(sut.next()).rejects.toThrow('stopped');
    expect(read).toEqual([1]);
  });

  it('that is aborted and ends all the same gives a reader who comes back everything, in order', async () => {
    async function* source() {
      yield* [1, 2, 3];
    }
    const abort = new AbortController();
    const sut = readOn(source(), () => undefined, abort.signal);
    await sut.next();
    abort.abort();
    expect(await Array.fromAsync(sut)).toEqual([2, 3]);
  });
});
