import { describe, expect, it, jest } from '@jest/globals';
import { AppError, type CompletionRequest } from '@parley/contracts';
import type { Model, ModelProvider } from '../provider.js';
import { serving } from './served-models.js';

const model = (id: string): Model => ({ id, displayName: id, createdAt: new Date(0), ownedBy: 'test' });
const context = { signal: new AbortController().signal };
const ask = (id: string): CompletionRequest => ({ model: id, stream: false, messages: [] });

function newServing(served: Parameters<typeof serving>[1]) {
  const complete = jest.fn<ModelProvider['complete']>();
  const embed = jest.fn<NonNullable<ModelProvider['embed']>>();
  const listModels = jest.fn(async () => ['qwen3-8b', 'qwen3-32b', 'llama3.3'].map(model));
  const stream = jest.fn<ModelProvider['stream']>();
  const provider = {
    name: 'vllm',
    credential: '1',
    firstByteTimeoutMs: 1_000,
    complete,
    stream,
    embed,
    listModels,
    close: async () => undefined,
  };
  return { sut: serving(provider, served), complete, listModels };
}

describe('a provider whose entry names its models', () => {
  it('lists those of its server that are named, and those that its server does not list', async () => {
    const { sut } = newServing([{ id: 'qwen3-*' }, { id: 'bge-m3', embeddings: true }]);
    expect(await sut.listModels(context.signal)).toMatchObject([
      { id: 'qwen3-8b' },
      { id: 'qwen3-32b' },
      { id: 'bge-m3', ownedBy: 'vllm', configured: { embeddings: true } },
    ]);
  });

  it('says of each what the first entry that fits says', async () => {
    const { sut } = newServing([
      { id: 'qwen3-8b', tools: true },
      { id: 'qwen3*', tools: false },
    ]);
    expect(await sut.listModels(context.signal)).toMatchObject([
      { id: 'qwen3-8b', configured: { tools: true } },
      { id: 'qwen3-32b', configured: { tools: false } },
    ]);
  });

  it('is asked for no other model', async () => {
    const { sut, complete } = newServing([{ id: 'qwen3.5' }]);
    await expect(sut.complete(ask('qwen3-5'), context)).rejects.toMatchObject({ code: 'model.not_found' });
    await expect(sut.stream(ask('llama3.3'), context)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'model.not_found',
    });
    expect(complete).not.toHaveBeenCalled();
    await sut.complete(ask('qwen3.5'), context);
    expect(complete).toHaveBeenCalledTimes(1);
  });

  it('refuses embeddings of a model that makes none by its entry', async () => {
    const { sut } = newServing([{ id: 'llama3.3', embeddings: false }]);
    const request = { model: 'llama3.3', input: ['a'], format: 'float' as const };
    await expect(sut.embed?.(request, context)).rejects.toMatchObject({ code: 'model.cannot_embed' });
  });

  it('is known for the names, so that they work while its list cannot be read', () => {
    const { knownModels } = newServing([{ id: 'qwen3-*' }, { id: 'llama3.3' }]).sut;
    expect(['qwen3-8b', 'llama3.3', 'llama3x3', 'my-qwen3-8b'].map((id) => knownModels?.test(id))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('needs no list of its server, whose other failures are its own', async () => {
    const { sut, listModels } = newServing([{ id: 'llama3.3' }, { id: 'qwen*' }]);
    listModels.mockRejectedValueOnce(new AppError('model.not_found'));
    expect(await sut.listModels(context.signal)).toMatchObject([{ id: 'llama3.3' }]);
    listModels.mockRejectedValueOnce(new AppError('provider.failed'));
    await expect(sut.listModels(context.signal)).rejects.toMatchObject({ code: 'provider.failed' });
  });
});
