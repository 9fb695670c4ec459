import { describe, expect, it } from '@jest/globals';
import { AppError, noTokens, type Identity } from '@parley/contracts';
import type { Caller, EmbeddingRequest, ModelRouter } from '@parley/llm';
import type { TenantRoutes } from '../model-routes/tenant-routes.js';
import type { Call, CallEnd, CallRecords } from '../usage/call-records.js';
import { EmbeddingsService } from './embeddings.service.js';

const caller = { tenantId: 't', subject: 's' } as Identity;
const request: EmbeddingRequest = { model: 'bge-m3', input: ['a'], format: 'float' };
const tokens = { ...noTokens, input: 3 };
const embeddings = { model: 'bge-m3-q8', vectors: [[1]], tokens, estimated: false };
const never = new AbortController().signal;

/** The service over a provider that gives `embeddings`, or fails after it was asked; `events` is what happened, in order. */
function newEmbeddings(failure?: AppError) {
  const events: string[] = [];
  const calls: Call[] = [];
  const ends: CallEnd[] = [];
  const records = {
    open: async (call: Call) => {
      calls.push(call);
      // As where the prices are read from the database.
      await new Promise((resolve) => void setImmediate(resolve));
      events.push('opened');
      return {
        hold: () => () => undefined,
        record: async (end: CallEnd) => {
          ends.push(end);
          events.push('recorded');
          return '0.01';
        },
      };
    },
  };
  const models = {
    embed: async (_asked: EmbeddingRequest, { onLost }: Caller) => {
      events.push('asked');
      if (!failure) return { embeddings, provider: 'vllm', model: 'bge-m3', attempts: 2 };
      onLost?.({
        provider: 'vllm',
        model: 'bge-m3',
        attempts: 1,
        error: failure,
        tokens: noTokens,
        estimated: false,
        worked: false,
      });
      throw failure;
    },
  };
  const routes = {
    find: async () => {
      events.push('routes read');
      return undefined;
    },
  };
  const sut = new EmbeddingsService(
    models as unknown as ModelRouter,
    records as unknown as CallRecords,
    routes as unknown as TenantRoutes,
  );
  return { sut, events, calls, ends };
}

describe('embeddings', () => {
  it('are on record before they are answered, with what they used', async () => {
    const { sut, events, calls, ends } = newEmbeddings();
    expect(await sut.create(caller, request, never)).toEqual({
      embeddings,
      server: { provider: 'vllm', model: 'bge-m3', attempts: 2 },
      cost: '0.01',
    });
    // Neither reading waits for the other.
    expect(events).toEqual(['routes read', 'opened', 'asked', 'recorded']);
    expect(calls).toEqual([{ caller, dialect: 'openai', model: 'bge-m3', streamed: false }]);
    expect(ends).toEqual([
      {
        provider: 'vllm',
        provider_model: 'bge-m3-q8',
        asked: 'bge-m3',
        outcome: 'completed',
        tokens,
        estimated: false,
        attempts: 2,
      },
    ]);
  });

  it('that a provider fails to make are on record as that failure', async () => {
    const { sut, ends } = newEmbeddings(new AppError('provider.failed'));
    await expect(sut.create(caller, request, never)).rejects.toMatchObject({ code: 'provider.failed' });
    expect(ends).toMatchObject([{ outcome: 'interrupted', failure: 'provider.failed', tokens: noTokens }]);
  });

  it('of a model that the key may not ask, or of the circle, are refused before anybody is asked', async () => {
    const { sut, events, calls } = newEmbeddings();
    const bounded = { ...caller, models: new Set(['other']) };
    await expect(sut.create(bounded, request, never)).rejects.toMatchObject({ code: 'model.not_allowed' });
    const circle = sut.create(caller, { ...request, model: 'circle' }, never);
    await expect(circle).rejects.toMatchObject({ code: 'model.cannot_embed' });
    expect([events, calls]).toEqual([[], []]);
  });
});
