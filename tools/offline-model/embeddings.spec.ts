import { describe, expect, it } from '@jest/globals';
import { embeds, openaiEmbeddings } from './embeddings.ts';
import { replyTo } from './reply.ts';

interface Answer {
  readonly data: { readonly index: number; readonly embedding: number[] | string }[];
  readonly usage: { readonly prompt_tokens: number };
}
const ask = (body: object): Answer => {
  const question = openaiEmbeddings.read({ model: 'offline-embed', ...body });
  return JSON.parse(openaiEmbeddings.whole(replyTo(question), question)) as Answer;
};
const vectorOf = (input: unknown, fields: object = {}) => ask({ input, ...fields }).data[0]?.embedding as number[];
const product = (a: number[], b: number[]) => a.reduce((sum, number, index) => sum + number * (b[index] ?? 0), 0);

describe('the offline model’s embeddings', () => {
  it('are the same for the same text, of length 1, and closer where texts share words', () => {
    const [cats, dogs, tax] = ['a cat and a mouse', 'a cat and a dog', 'income tax'].map((text) => vectorOf(text));
    if (!cats || !dogs || !tax) throw new Error('a vector is missing');
    expect(vectorOf('a cat and a mouse')).toEqual(cats);
    expect(product(cats, cats)).toBeCloseTo(1);
    expect(product(cats, dogs)).toBeGreaterThan(product(cats, tax) + 0.3);
  });

  it('come in the order of their texts, and cost a token for four characters', () => {
    const { data, usage } = ask({ input: ['abcd', 'efgh'] });
    expect(data.map(({ index }) => index)).toEqual([0, 1]);
    expect(usage.prompt_tokens).toBe(2);
    expect(ask({ input: [[1, 2, 3], [4]] }).usage.prompt_tokens).toBe(4);
    expect(ask({ input: [1, 2, 3] }).data).toHaveLength(1);
  });

  it('have as many numbers as are asked for, or as the model that is named', () => {
    expect(vectorOf('a', { dimensions: 5 })).toHaveLength(5);
    expect(vectorOf('a', { model: 'text-embedding-3-large' })).toHaveLength(3072);
  });

  it('are the same numbers in base64', () => {
    const bytes = Buffer.from(ask({ input: 'a', encoding_format: 'base64' }).data[0]?.embedding as string, 'base64');
    expect([...new Float32Array(new Uint8Array(bytes).buffer)]).toEqual(vectorOf('a'));
  });

  it.each([[''], [[]], [['a', '']]])('refuse %j', (input) => {
    expect(() => ask({ input })).toThrow('cannot be empty');
  });

  it('are made by models of that name', () => {
    expect(['offline-embed', 'text-embedding-3-small', 'gpt-4o'].map(embeds)).toEqual([true, true, false]);
  });
});
