import { describe, expect, it } from '@jest/globals';
import type { ModelAnswer } from '@parley/contracts';
import { readAnswer, readCost, readTokens } from './answer.js';

const completion = (message: ModelAnswer['choices'][0]['message'], usage?: ModelAnswer['usage']): ModelAnswer => ({
  model: 'm',
  choices: [{ message }],
  usage,
});
const open = { question: 'q', options: null };
const vote = { question: 'q', options: ['yes', 'no'] };

describe('an expert’s completion', () => {
  it('is its answer where the question is open', () => {
    expect(readAnswer(completion({ content: 'Some words.' }), open)).toEqual({
      status: 'answered',
      answer: 'Some words.',
      reasoning: null,
      error_code: null,
    });
  });

  it('is its reasoning beside its vote where there are options', () => {
    expect(readAnswer(completion({ content: 'Why not?\nANSWER: yes' }), vote)).toEqual({
      status: 'answered',
      answer: 'yes',
      reasoning: 'Why not?\nANSWER: yes',
      error_code: null,
    });
  });

  it.each([
    [{ content: 'Yes and no.' }, vote, 'Yes and no.'],
    [{ content: null, refusal: 'I will not say yes.' }, vote, 'I will not say yes.'],
    [{ content: null, refusal: 'I will not.' }, open, 'I will not.'],
  ])('that chooses nothing or refuses is unclear: %j', (message, asked, reasoning) => {
    expect(readAnswer(completion(message), asked)).toEqual({
      status: 'unclear',
      answer: null,
      reasoning,
      error_code: null,
    });
  });

  it.each([null, '', ' \n'])('without a word is a failure: %j', (content) => {
    expect(readAnswer(completion({ content }), open)).toMatchObject({
      status: 'failed',
      answer: null,
      error_code: 'provider.bad_response',
    });
  });

  it('has its tokens in classes that do not overlap', () => {
    const usage = {
      prompt_tokens: 100,
      completion_tokens: 50,
      prompt_tokens_details: { cached_tokens: 30, cache_write_tokens: 20 },
      completion_tokens_details: { reasoning_tokens: 40 },
    };
    expect(readTokens(completion({}, usage))).toEqual({
      input: 50,
      output: 10,
      cache_read: 30,
      cache_write: 20,
      reasoning: 40,
    });
    expect(readTokens(completion({}, { prompt_tokens: 3, completion_tokens: 2, prompt_tokens_details: null }))).toEqual(
      {
        input: 3,
        output: 2,
        cache_read: 0,
        cache_write: 0,
        reasoning: 0,
      },
    );
    expect(readTokens(completion({}))).toBeNull();
  });

  it.each([
    ['0.000123', '0.000123'],
    ['7', '7'],
    [undefined, null],
    ['', null],
    ['1e-7', null],
    ['-1', null],
    [['1', '2'], null],
  ])('costs, by the header %j, %j', (header, cost) => {
    expect(readCost(header)).toBe(cost);
  });
});
