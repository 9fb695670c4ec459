import { describe, expect, it, jest } from '@jest/globals';
import { noTokens } from '@parley/contracts';
import type { EmbeddingRequest } from '../embeddings/embedding.js';
import type { ModelProvider } from '../provider.js';
import type { LostCall } from './caller.js';
import { failing, newProvider, routerOf } from './providers.fixture.js';

const asked = (model: string): EmbeddingRequest => ({ model, input: ['a'], format: 'float' });

function newEmbedder(name: string) {
  const embed = jest.fn<NonNullable<ModelProvider['embed']>>(async ({ model }) => ({
    model,
    vectors: [[1]],
    tokens: { ...noTokens, input: 1 },
    estimated: false,
  }));
  return { embed, provider: { ...newProvider(name, []).provider, embed } };
}

function newEmbedders() {
  const [first, second] = [newEmbedder('first'), newEmbedder('second')];
  const { sut } = routerOf({ providers: [first.provider, second.provider, newProvider('words', []).provider] });
  return { first, second, sut };
}
const route = (...targets: string[]) => ({
  strategy: 'ordered' as const,
  targets: targets.map((model) => ({ model })),
});

describe('embeddings', () => {
  it('are made by the provider of the model, under its own name for it', async () => {
    const { sut, first } = newEmbedders();
    const { embeddings, ...server } = await sut.embed(asked('first/bge-m3'));
    expect(server).toEqual({ provider: 'first', model: 'bge-m3', attempts: 1 });
    expect(embeddings.vectors).toEqual([[1]]);
    expect(first.embed.mock.calls[0]?.[0].model).toBe('bge-m3');
  });

  it('are refused where the provider makes none', async () => {
    const { sut } = newEmbedders();
    await expect(sut.embed(asked('words/bge-m3'))).rejects.toMatchObject({ code: 'model.cannot_embed' });
  });

  it('come from the next provider of the same model when one fails', async () => {
    const { sut, first } = newEmbedders();
    first.embed.mockRejectedValue(failing('provider.failed'));
    const lost: LostCall[] = [];
    const caller = { route: route('first/bge-m3', 'second/bge-m3'), onLost: (one: LostCall) => void lost.push(one) };
    expect(await sut.embed(asked('search'), caller)).toMatchObject({ provider: 'second', attempts: 2 });
    expect(lost).toMatchObject([{ provider: 'first', model: 'bge-m3' }]);
  });

  it('are refused of a route to different models, whose vectors do not compare', async () => {
    const { sut, first, second } = newEmbedders();
    const caller = { route: route('first/bge-m3', 'second/bge-small') };
    await expect(sut.embed(asked('search'), caller)).rejects.toMatchObject({ code: 'model.cannot_embed' });
    expect([first.embed, second.embed].map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
  });
});
