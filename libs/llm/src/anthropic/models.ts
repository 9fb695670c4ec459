import type { ModelInfo } from '@anthropic-ai/sdk/resources/models';
import { anthropicFacts } from '../capabilities/anthropic-facts.js';
import type { Model } from '../provider.js';
import { fromClientError, officialClient, type ClientOptions } from './client.js';

const listTimeoutMs = 10_000;

const toModel = (info: ModelInfo): Model => ({
  id: info.id,
  displayName: info.display_name,
  createdAt: new Date(info.created_at),
  ownedBy: 'anthropic',
  facts: anthropicFacts(info),
  native: { vendor: 'anthropic', value: { ...info } },
});

/** Lists models by the official client. */
export function anthropicModels(options: ClientOptions): (signal: AbortSignal) => Promise<Model[]> {
  const client = officialClient(options, listTimeoutMs);
  return async (signal) => {
    try {
      const models: Model[] = [];
      const pages = client.models.list({ limit: 1000 }, { signal, maxRetries: 1 });
      for await (const info of pages) models.push(toModel(info));
      return models;
    } catch (error) {
      throw fromClientError(options.provider, error, signal);
    }
  };
}
