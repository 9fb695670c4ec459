import { describe, expect, it } from '@jest/globals';
import { AppError, noTokens } from '@parley/contracts';
import type { LostCall } from '@parley/llm';
import type { Spent } from '../completions/answering.js';
import type { CallEnd } from './call-records.js';
import { LostCalls } from './lost-calls.js';

const recordId = '019c0f8e-7f3a-8c11-8a55-2f1c7d1f0a14';
const failure = new AppError('provider.interrupted');
const tokens = { ...noTokens, input: 7 };

/** A provider that was at work when it was left or broke off. */
const worked = (provider: string): LostCall => ({
  ...{ provider, model: 'a-model', attempts: 1, error: failure },
  ...{ tokens, estimated: true, worked: true },
});
const refused = (provider: string): LostCall => ({
  ...worked(provider),
  ...{ tokens: noTokens, estimated: false, worked: false },
});

/** The answer of a session's turn, which has the id of its record already; `kept` is what came to be on record, in order. */
function newAnswer() {
  const kept: CallEnd[] = [];
  const spent: Spent[] = [];
  const stop = new AbortController();
  const call = {
    hold: () => () => undefined,
    record: async (end: CallEnd) => {
      kept.push(end);
      return '0.01';
    },
  };
  const sut = new LostCalls(call, { signal: stop.signal, recordId, onRecorded: (one) => void spent.push(one) });
  /** Fails after these were asked in vain. */
  const fail = async (...lost: LostCall[]) => {
    const asking = sut.during(async () => {
      lost.forEach(sut.add);
      throw failure;
    });
    await expect(asking).rejects.toBe(failure);
  };
  const ids = () => kept.map(({ provider, id }) => [provider, id]);
  return { sut, kept, spent, stop, fail, ids };
}

describe('a turn that nobody answers', () => {
  it.each([
    ['was stopped', true, 'cancelled'],
    ['broke off', false, 'interrupted'],
  ])('since it %s has the one record that is the turn’s, and is told what it cost', async (_, stopped, outcome) => {
    const { kept, spent, stop, fail } = newAnswer();
    if (stopped) stop.abort();
    await fail(worked('one'));
    expect(kept).toEqual([expect.objectContaining({ id: recordId, outcome, tokens, estimated: true })]);
    expect(spent).toEqual([{ tokens, cost: '0.01' }]);
  });

  it('has it of the last that worked, and of those before it what they did in vain', async () => {
    const { ids, spent, fail } = newAnswer();
    await fail(worked('first'), worked('second'), refused('third'));
    expect(ids()).toEqual([
      ['first', undefined],
      ['second', recordId],
    ]);
    expect(spent).toHaveLength(1);
  });

  it('has it of nothing used where all refused it', async () => {
    const { kept, spent, fail } = newAnswer();
    await fail(refused('one'));
    expect(kept).toEqual([expect.objectContaining({ id: recordId, tokens: noTokens, attempts: 1 })]);
    expect(spent).toMatchObject([{ tokens: noTokens }]);
  });

  it('has none where nobody was asked', async () => {
    const { kept, spent, fail } = newAnswer();
    await fail();
    expect([kept, spent]).toEqual([[], []]);
  });
});

it('a turn that is answered leaves the record that is the turn’s to its answer, whenever the others are told of', async () => {
  const { sut, ids, spent } = newAnswer();
  await sut.during(async () => sut.add(worked('before')));
  sut.add(worked('after'));
  await sut.kept();
  expect(ids()).toEqual([
    ['before', undefined],
    ['after', undefined],
  ]);
  expect(spent).toEqual([]);
});
