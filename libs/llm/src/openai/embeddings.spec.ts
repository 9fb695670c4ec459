import { describe, expect, it } from '@jest/globals';
import type { EmbeddingRequest } from '../embeddings/embedding.js';
import { fromOpenAiEmbeddings, saysCannotEmbed, toOpenAiEmbeddingRequest } from './embeddings.js';

const request = (fields: Partial<EmbeddingRequest> = {}): EmbeddingRequest => ({
  model: 'bge-m3',
  input: ['abcd', 'efghijkl'],
  format: 'float',
  ...fields,
});
const answer = (embeddings: readonly unknown[], usage: object | null = { prompt_tokens: 7, total_tokens: 7 }) =>
  JSON.stringify({
    object: 'list',
    model: 'bge-m3',
    data: embeddings.map((embedding, index) => ({ object: 'embedding', index, embedding })),
    usage,
  });
const read = (text: string, fields?: Partial<EmbeddingRequest>) => fromOpenAiEmbeddings(text, 'tei', request(fields));
/** 0.5 and −2 as little-endian floats. */
const half = 'AAAAPwAAAMA=';

describe('embeddings of a server that speaks OpenAI’s wire format', () => {
  it('are asked for with every field, those that are absent left out', () => {
    const sent = toOpenAiEmbeddingRequest(request({ format: 'base64', dimensions: 64, user: 'u' }));
    expect(JSON.parse(JSON.stringify(sent))).toEqual({
      model: 'bge-m3',
      input: ['abcd', 'efghijkl'],
      encoding_format: 'base64',
      dimensions: 64,
      user: 'u',
    });
    expect(Object.keys(JSON.parse(JSON.stringify(toOpenAiEmbeddingRequest(request()))) as object)).toEqual([
      'model',
      'input',
      'encoding_format',
    ]);
  });

  it('stand in the order of their inputs, however they come', () => {
    const data = [1, 0].map((index) => ({ index, embedding: [index] }));
    expect(read(JSON.stringify({ data })).vectors).toEqual([[0], [1]]);
  });

  it.each([
    ['float', [0.5, -2]],
    ['base64', half],
  ] as const)('are %s where that is asked for, whichever the server gives', (format, vector) => {
    expect(read(answer([half, [0.5, -2]]), { format }).vectors).toEqual([vector, vector]);
  });

  it('cost what the server counts, or four characters a token', () => {
    expect(read(answer([[1], [2]]))).toMatchObject({ tokens: { input: 7, output: 0 }, estimated: false });
    expect(read(answer([[1], [2]], null))).toMatchObject({ tokens: { input: 3 }, estimated: true });
    const input = [[1, 2, 3], [4]];
    expect(read(answer([[1], [2]], null), { input })).toMatchObject({ tokens: { input: 4 }, estimated: true });
  });

  it.each([
    ['one too few', answer([[1]])],
    ['a vector with a hole', answer([[1], [null]])],
    ['no vectors', '{"data":{}}'],
    ['no JSON', '<html>'],
  ])('with %s are a bad response', (_, text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'provider.bad_response' }));
  });

  it('of another length than was asked for are refused by that field, which the server has left out', () => {
    expect(read(answer([half, half]), { dimensions: 2 }).vectors).toHaveLength(2);
    expect(() => read(answer([half, half]), { dimensions: 3 })).toThrow(
      expect.objectContaining({
        code: 'provider.rejected',
        text: expect.objectContaining({ fields: [expect.objectContaining({ path: 'dimensions' })] }),
      }),
    );
  });
});

describe('an error of a server', () => {
  it.each([
    ['llama.cpp without --embeddings', 501, '{"error":{"message":"This server does not support embeddings"}}', true],
    ['a server without the route', 404, '{"detail":"Not Found"}', true],
    ['a server without the method', 405, '', true],
    ['OpenAI of a model of words', 403, '{"error":{"message":"You may not generate embeddings"}}', true],
    ['a server without the model', 404, '{"error":{"message":"model \\"x\\" not found"}}', false],
    ['a wrong key', 403, '{"error":{"message":"No access"}}', false],
    ['an input that is too long', 400, '{"error":{"message":"Too long"}}', false],
  ])('of %s: says that there are no embeddings: %#', (_, status, text, says) => {
    expect(saysCannotEmbed(status, text)).toBe(says);
  });
});
