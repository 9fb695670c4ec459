import { jest } from '@jest/globals';
import {
  AppError,
  noTokens,
  type Completion,
  type CompletionRequest,
  type ErrorCode,
  type StreamBatch,
} from '@parley/contracts';
import type { Model, ModelProvider } from '../provider.js';
import { ModelRouter, type ModelRouterOptions } from './model-router.js';

const model = (id: string): Model => ({ id, displayName: id, createdAt: new Date(0), ownedBy: 'test' });
export const request = (id: string): CompletionRequest => ({ model: id, stream: false, messages: [] });
export const completion = (id: string): Completion => ({
  id: 'c',
  model: id,
  created: 0,
  choices: [{ content: [{ type: 'text', text: 'hello' }], stop: { reason: 'end' } }],
  tokens: { ...noTokens, input: 3 },
  estimated: false,
  dropped: [],
});
export const batch: StreamBatch = [{ type: 'start', id: 's', model: 'm', created: 0, dropped: ['seed'] }];

/** A provider that lists these models and answers with the name of the one it was asked for. */
export function newProvider(
  name: string,
  ids: string[],
  {
    credential = '1',
    knownModels,
    firstByteTimeoutMs = 60_000,
  }: { credential?: string; knownModels?: RegExp; firstByteTimeoutMs?: number } = {},
) {
  const complete = jest.fn<ModelProvider['complete']>(async ({ model: id }) => completion(id));
  const listModels = jest.fn(async () => ids.map(model));
  const stream = jest.fn<ModelProvider['stream']>(async function* () {
    yield batch;
    yield [{ type: 'end' }];
  });
  const provider: ModelProvider = {
    name,
    credential,
    firstByteTimeoutMs,
    complete,
    stream,
    listModels,
    close: async () => undefined,
    ...(knownModels && { knownModels }),
  };
  return { provider, complete, listModels, stream };
}

export function routerOf(options: Partial<ModelRouterOptions> & Pick<ModelRouterOptions, 'providers'>) {
  const log = { warn: jest.fn() };
  return { log, sut: new ModelRouter({ maxConcurrent: 10, maxQueued: 0, deadlineMs: 60_000, log, ...options }) };
}

/** A provider that answers when its call is aborted, and not before. */
export const hangs: ModelProvider['complete'] = (_request, { signal }) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

export const failing = (code: ErrorCode, retryAfterMs?: number) =>
  new AppError(code, retryAfterMs === undefined ? {} : { retryAfterMs });
