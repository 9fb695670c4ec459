import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '@parley/resilience';
import { blockingQuery, type Indexed } from './blocking-query.js';

/** A query whose answers are given one by one by the test; `asked` are the indexes that it sent. */
function newQuery() {
  const asked: (number | undefined)[] = [];
  const answers: [string, boolean][] = [];
  const errors: unknown[] = [];
  let pending = Promise.withResolvers<Indexed<string>>();
  const stop = blockingQuery<string>({
    ask: (index, signal) => {
      asked.push(index);
      pending = Promise.withResolvers();
      signal.addEventListener('abort', () => pending.reject(new Error('aborted')));
      return pending.promise;
    },
    onAnswer: (value, continuous) => answers.push([value, continuous]),
    onError: (error) => errors.push(error),
    clock: systemClock,
    random: () => 1,
  });
  const answer = async (index: number, value: string) => {
    pending.resolve({ index, value });
    await jest.advanceTimersByTimeAsync(0);
  };
  const fail = async () => {
    pending.reject(new Error('connection refused'));
    await jest.advanceTimersByTimeAsync(0);
  };
  return { asked, answers, errors, answer, fail, stop };
}

describe('blockingQuery', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('asks without an index first, then waits from the index of the last answer', async () => {
    const { asked, answers, answer } = newQuery();
    await answer(7, 'one');
    await answer(9, 'two');
    expect(asked).toEqual([undefined, 7, 9]);
    expect(answers).toEqual([
      ['one', false],
      ['two', true],
    ]);
  });

  it('says nothing when the wait ended without a change', async () => {
    const { answers, answer } = newQuery();
    await answer(7, 'one');
    await answer(7, 'one');
    expect(answers).toEqual([['one', false]]);
  });

  it('marks an answer as a new beginning when the index went backwards', async () => {
    const { asked, answers, answer } = newQuery();
    await answer(700, 'one');
    await answer(3, '');
    await answer(4, 'two');
    expect(asked).toEqual([undefined, 700, 3, 4]);
    expect(answers.map(([, continuous]) => continuous)).toEqual([false, false, true]);
  });

  it('never waits from an index below one, which would not wait at all', async () => {
    const { asked, answer } = newQuery();
    await answer(0, 'one');
    expect(asked).toEqual([undefined, 1]);
  });

  it('starts over without an index after a failure, with growing pauses', async () => {
    const { asked, answers, errors, answer, fail } = newQuery();
    await answer(700, 'one');
    await fail();
    await jest.advanceTimersByTimeAsync(199);
    expect(asked).toHaveLength(2);
    await jest.advanceTimersByTimeAsync(1);
    await fail();
    await jest.advanceTimersByTimeAsync(399);
    expect(asked).toHaveLength(3);
    await jest.advanceTimersByTimeAsync(1);
    await answer(700, 'one');
    expect(asked).toEqual([undefined, 700, undefined, undefined, 700]);
    expect(errors).toHaveLength(2);
    expect(answers.at(-1)).toEqual(['one', false]);
  });

  it('ends the question under way and asks no more once stopped', async () => {
    const { asked, errors, stop } = newQuery();
    stop();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(1);
    expect(errors).toEqual([]);
  });
});
