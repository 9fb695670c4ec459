import { describe, expect, it } from '@jest/globals';
import type { ExpertAnswer } from '@parley/contracts';
import { conclude, failureOf, hashOf } from './query.js';

const answer = (changes: Partial<ExpertAnswer>): ExpertAnswer => ({
  expert: 'one',
  status: 'answered',
  answer: 'a',
  reasoning: null,
  error_code: null,
  model: 'm',
  tokens: null,
  cost: null,
  latency_ms: 1,
  ...changes,
});
const vote = (option: string) => answer({ answer: option });
const unclear = answer({ status: 'unclear', answer: null });
const failed = answer({ status: 'failed', answer: null, error_code: 'provider.failed' });
const late = answer({ status: 'timed_out', answer: null, error_code: 'provider.timeout' });

describe('a query', () => {
  it('has the majority’s option as consensus, whoever voted first', () => {
    expect(conclude([vote('a'), vote('b'), vote('b')], true)).toEqual({
      status: 'answered',
      consensus: 'b',
      agreement: 2 / 3,
      answered: 2 + 1,
    });
  });

  it('does not count who is unclear, fails or is late', () => {
    expect(conclude([failed, vote('b'), late, unclear], true)).toMatchObject({
      status: 'answered',
      consensus: 'b',
      agreement: 1,
      answered: 1,
    });
  });

  it('is answered without a consensus where nobody is clear', () => {
    expect(conclude([unclear, failed], true)).toEqual({
      status: 'answered',
      consensus: null,
      agreement: null,
      answered: 0,
    });
  });

  it('has the most central answer as consensus where the question is open', () => {
    expect(conclude([vote('x y'), vote('x y z'), vote('q')], false).consensus).toBe('x y');
  });

  it('fails where nobody said anything', () => {
    expect(conclude([failed, late], true)).toMatchObject({ status: 'failed', consensus: null, agreement: null });
  });
});

describe('a failed query', () => {
  it.each([
    [[failed, late], 'circle.failed'],
    [[failed, failed], 'circle.failed'],
    [[answer({ error_code: 'request.forbidden' }), answer({ error_code: 'request.forbidden' })], 'request.forbidden'],
    [[answer({ error_code: 'request.forbidden' }), failed], 'circle.failed'],
    [[answer({ error_code: 'model.not_found' })], 'circle.failed'],
  ])('%#: blames the caller only for what is the caller’s', (answers, code) => {
    expect(failureOf('some-id', answers)).toMatchObject({
      code,
      text: { detail: 'No expert gave an answer; the query some-id tells why' },
    });
  });

  it('waits for the minute where every expert met the caller’s limit', () => {
    const limited = answer({ status: 'failed', error_code: 'request.rate_limited' });
    expect(failureOf('some-id', [limited, limited]).text.retryAfterMs).toBe(60_000);
    expect(
      failureOf('some-id', [answer({ status: 'failed', error_code: 'provider.failed' })]).text.retryAfterMs,
    ).toBeUndefined();
  });
});

describe('the hash of a question', () => {
  const question = { question: 'q', options: ['a', 'b'] };

  it('is the same for the same question, and another one for any other', () => {
    expect(hashOf({ ...question })).toBe(hashOf(question));
    const others = [{ question: 'q' }, { ...question, options: ['b', 'a'] }, { ...question, model: 'm' }];
    expect(new Set([question, ...others].map(hashOf)).size).toBe(4);
  });
});
