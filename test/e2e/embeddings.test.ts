import { describe, expect, it } from '@jest/globals';
import { eventually } from '@parley/testing';
import OpenAI from 'openai';
import { call, demoKey, newKey, openai } from './platform.js';

const model = 'text-embedding-3-small';
const texts = ['A cat and a mouse', 'A cat and a dog', 'Income tax'];
/** The cosine, since every vector has the length 1. */
const likeness = (a: readonly number[] = [], b: readonly number[] = []) =>
  a.reduce((sum, number, index) => sum + number * (b[index] ?? 0), 0);

describe('the official openai client', () => {
  it('gets the vector of a text, which it asks for in base64 and decodes', async () => {
    const { object, data, model: served, usage } = await openai().embeddings.create({ model, input: 'A cat' });
    expect({ object, served, index: data[0]?.index }).toEqual({ object: 'list', served: model, index: 0 });
    expect(data[0]?.embedding).toHaveLength(1536);
    expect(likeness(data[0]?.embedding, data[0]?.embedding)).toBeCloseTo(1);
    expect(usage).toEqual({ prompt_tokens: 2, total_tokens: 2 });
  });

  it('gets the same numbers as numbers, and as base64 where it wants to decode them by itself', async () => {
    const decoded = await openai().embeddings.create({ model, input: 'A cat' });
    const numbers = await openai().embeddings.create({ model, input: 'A cat', encoding_format: 'float' });
    const text = await openai().embeddings.create({ model, input: 'A cat', encoding_format: 'base64' });
    expect(numbers.data[0]?.embedding).toEqual([...(decoded.data[0]?.embedding ?? [])]);
    expect(Buffer.from(text.data[0]?.embedding ?? '', 'base64')).toHaveLength(4 * 1536);
  });

  it('gets a batch in the order of its texts', async () => {
    const { data } = await openai().embeddings.create({ model, input: texts });
    const [cats, dogs, tax] = data.map(({ embedding }) => embedding);
    expect(data.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(likeness(cats, dogs)).toBeGreaterThan(likeness(cats, tax) + 0.3);
    expect(data).toEqual((await openai().embeddings.create({ model, input: texts })).data);
  });

  it('gets 2,048 vectors of a batch', async () => {
    const input = Array.from({ length: 2_048 }, (_, index) => `Text ${index}`);
    const { data } = await openai().embeddings.create({ model, input });
    expect(data).toHaveLength(2_048);
    expect(data.at(-1)?.embedding).toHaveLength(1_536);
  });

  it('gets vectors of tokens, and as many numbers as it asks for', async () => {
    const { data, usage } = await openai().embeddings.create({ model, input: [[1, 2, 3], [4]], dimensions: 64 });
    expect(data.map(({ embedding }) => embedding.length)).toEqual([64, 64]);
    expect(usage.prompt_tokens).toBe(4);
  });

  it.each([
    ['empty input', { input: '' }, OpenAI.BadRequestError, 'request.invalid'],
    ['a field that nobody knows', { input: 'a', truncate: 'END' }, OpenAI.BadRequestError, 'request.invalid'],
    ['a model of words', { input: 'a', model: 'gpt-4o' }, OpenAI.BadRequestError, 'model.cannot_embed'],
    ['a provider without', { input: 'a', model: 'anthropic/claude-x' }, OpenAI.BadRequestError, 'model.cannot_embed'],
    ['the circle', { input: 'a', model: 'circle' }, OpenAI.BadRequestError, 'model.cannot_embed'],
    ['an unknown model', { input: 'a', model: 'no-such-model' }, OpenAI.NotFoundError, 'model_not_found'],
    ['a provider’s 400', { input: '[offline: fault=400]' }, OpenAI.BadRequestError, 'provider.rejected'],
    ['a provider’s 429', { input: '[offline: fault=429]' }, OpenAI.RateLimitError, 'rate_limit_exceeded'],
    [
      'a provider’s garbage',
      { input: '[offline: fault=garbage]' },
      OpenAI.InternalServerError,
      'provider.bad_response',
    ],
  ])('raises its own error for %s', async (_, fields, type, code) => {
    // A model of its own for each, or the breaker of one would refuse another.
    const asked = { model: `openai/offline-embed-${crypto.randomUUID()}`, ...fields };
    const failure = await openai()
      .embeddings.create(asked)
      .then(() => undefined)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(type);
    expect(failure).toMatchObject({ code });
  });
});

describe('embeddings', () => {
  it('are asked of another credential where one fails, and say who made them after how many tries', async () => {
    const body = { model: `alpha/offline-embed-${crypto.randomUUID()}`, input: '[offline @alpha-1: fault=401] A cat' };
    // Whichever comes first the first time, the other one does the second time.
    const answers = [await call('POST', '/v1/embeddings', { key: demoKey, body })];
    answers.push(await call('POST', '/v1/embeddings', { key: demoKey, body }));
    expect(answers.map(({ status, headers }) => [status, headers.get('x-parley-provider')])).toEqual([
      [200, 'alpha'],
      [200, 'alpha'],
    ]);
    expect(Math.max(...answers.map(({ headers }) => Number(headers.get('x-parley-attempts'))))).toBe(2);
  });

  it('are on record with their tokens and their cost', async () => {
    const { id, key } = await newKey();
    const answer = await call('POST', '/v1/embeddings', { key, body: { model, input: texts } });
    expect(answer.status).toBe(200);
    const cost = answer.headers.get('x-parley-cost');
    expect(Number(cost)).toBeGreaterThan(0);
    const { prompt_tokens } = answer.json()['usage'] as { prompt_tokens: number };
    await eventually(async () => {
      const report = await call('GET', `/v1/analytics/usage?api_key_id=${id}`, { key: demoKey });
      expect(report.json()).toMatchObject({ requests: 1, tokens: { input: prompt_tokens, output: 0 }, cost_usd: cost });
    });
  });

  it('are for keys that may have them, of models that they may ask, within their tokens', async () => {
    const body = { model, input: 'A cat' };
    const wordsOnly = await newKey({ permissions: ['completions:create'] });
    const refused = await call('POST', '/v1/embeddings', { key: wordsOnly.key, body });
    expect([refused.status, refused.json()]).toMatchObject([403, { error: { code: 'request.forbidden' } }]);
    const other = await newKey({ models: ['gpt-4o'] });
    const notAllowed = await call('POST', '/v1/embeddings', { key: other.key, body });
    expect([notAllowed.status, notAllowed.json()]).toMatchObject([403, { error: { code: 'model.not_allowed' } }]);
    const few = await newKey({ tokens_per_minute: 2 });
    expect((await call('POST', '/v1/embeddings', { key: few.key, body })).status).toBe(200);
    await eventually(async () =>
      expect((await call('POST', '/v1/embeddings', { key: few.key, body })).status).toBe(429),
    );
  });
});
