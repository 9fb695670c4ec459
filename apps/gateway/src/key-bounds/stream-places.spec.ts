import { describe, expect, it } from '@jest/globals';
import type { Identity } from '@parley/contracts';
import type { ConcurrencyLimiter, Enter, Place } from '@parley/limits';
import { holding, StreamPlaces } from './stream-places.js';

const caller = { tenantId: 'acme', subject: 'ada', keyId: 'key' } as Identity;

/** Where `answer` is what the limiter says to whoever enters. */
function newPlaces(answer?: Place) {
  const entered: Enter[] = [];
  const limiter = {
    enter: async (enter: Enter) => {
      entered.push(enter);
      return answer;
    },
  };
  return { sut: new StreamPlaces(limiter as unknown as ConcurrencyLimiter), entered };
}

describe('the streams of a key', () => {
  it('are let in so many at a time', async () => {
    const place = { leave: () => undefined };
    const { sut, entered } = newPlaces(place);

    expect(await sut.enter({ ...caller, concurrentStreams: 2 })).toBe(place);
    expect(entered).toEqual([{ key: 'acme:key:streams', limit: 2 }]);
  });

  it('are refused beyond that, to be tried again', async () => {
    const { sut } = newPlaces();

    await expect(sut.enter({ ...caller, concurrentStreams: 2 })).rejects.toMatchObject({
      code: 'request.rate_limited',
      text: { detail: 'At most 2 streams at a time', retryAfterMs: 1_000 },
    });
  });

  it('without such a bound are nobody’s business', async () => {
    const { sut, entered } = newPlaces();

    expect(await sut.enter(caller)).toBeUndefined();
    expect(entered).toEqual([]);
  });
});

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
