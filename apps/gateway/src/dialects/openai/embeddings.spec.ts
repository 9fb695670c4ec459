import { describe, expect, it } from '@jest/globals';
import { noTokens } from '@parley/contracts';
import type { CreateEmbeddingResponse, EmbeddingCreateParams } from 'openai/resources/embeddings';
import type { z } from 'zod';
import { refusalIn, type Plain } from '../request.fixture.js';
import { readEmbeddingRequest, toEmbeddingsAnswer, type embeddingsRequest } from './embeddings.js';

/** The compiler fails here when the SDK knows a request that the schema does not. */
const everySdkRequestFits = (request: Plain<EmbeddingCreateParams>): z.input<typeof embeddingsRequest> => request;

/** The compiler fails here when the SDK has a field that is not in this list, or the list one too many. */
const sdkFields: Record<keyof EmbeddingCreateParams, true> = {
  input: true,
  model: true,
  dimensions: true,
  encoding_format: true,
  user: true,
};

const read = (fields: object) => readEmbeddingRequest({ model: 'm', input: 'a', ...fields });
const refusal = (body: unknown) => refusalIn(() => readEmbeddingRequest(body));

describe('a request for embeddings', () => {
  it('may have every field of the SDK', () => {
    const request: EmbeddingCreateParams = {
      model: 'text-embedding-3-small',
      input: ['a', 'b'],
      dimensions: 64,
      encoding_format: 'base64',
      user: 'u',
    };
    expect(Object.keys(everySdkRequestFits(request)).sort()).toEqual(Object.keys(sdkFields).sort());
    expect(readEmbeddingRequest(request)).toEqual({
      model: 'text-embedding-3-small',
      input: ['a', 'b'],
      dimensions: 64,
      format: 'base64',
      user: 'u',
    });
  });

  it.each<[unknown, unknown]>([
    ['a', ['a']],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [[1, 2], [[1, 2]]],
    [
      [[1], [2, 3]],
      [[1], [2, 3]],
    ],
  ])('with the input %j is for %j', (input, inputs) => {
    expect(read({ input })).toMatchObject({ input: inputs, format: 'float' });
  });

  it.each([[''], [[]], [['a', '']], [[1, 'a']], [[[1], []]], [{ text: 'a' }], [[-1]], [[1.5]]])(
    'with the input %j is refused by that field',
    (input) => {
      expect(refusal({ model: 'm', input })).toMatchObject({
        code: 'request.invalid',
        text: { fields: [{ path: expect.stringMatching(/^input/) }] },
      });
    },
  );

  it.each([
    [{ dimensions: 0 }, 'dimensions'],
    [{ encoding_format: 'hex' }, 'encoding_format'],
    [{ model: '' }, 'model'],
    [{ truncate: true }, 'truncate'],
  ])('with %j is refused by the field %s', (fields, path) => {
    expect(refusal({ model: 'm', input: 'a', ...fields })).toMatchObject({ text: { fields: [{ path }] } });
  });
});

it('the answer is what the SDK knows as one', () => {
  const text = toEmbeddingsAnswer({
    model: 'm',
    vectors: [[0.5], [1]],
    tokens: { ...noTokens, input: 7 },
    estimated: false,
  });
  const expected: CreateEmbeddingResponse = {
    object: 'list',
    data: [
      { object: 'embedding', index: 0, embedding: [0.5] },
      { object: 'embedding', index: 1, embedding: [1] },
    ],
    model: 'm',
    usage: { prompt_tokens: 7, total_tokens: 7 },
  };
  expect(JSON.parse(text)).toEqual(expected);
});
