import { Anthropic, APIError } from '@anthropic-ai/sdk';
import type { ModelInfo } from '@anthropic-ai/sdk/resources/models';
import type { Model } from '../provider.js';
import { badResponse, transportFailure } from '../transport/failures.js';
import { fromApiError } from './errors.js';

const listTimeoutMs = 10_000;

export interface ModelListOptions {
  readonly provider: string;
  readonly baseUrl: string;
  readonly apiKey: string;
}

const toModel = (info: ModelInfo): Model => ({
  id: info.id,
  displayName: info.display_name,
  createdAt: new Date(info.created_at),
  ownedBy: 'anthropic',
  maxInputTokens: info.max_input_tokens ?? undefined,
  maxOutputTokens: info.max_tokens ?? undefined,
  native: { vendor: 'anthropic', value: { ...info } },
});

/** Lists models by the official client, whose cost does not matter where nobody waits. */
export function anthropicModels({
  provider,
  baseUrl,
  apiKey,
}: ModelListOptions): (signal: AbortSignal) => Promise<Model[]> {
  // A null token keeps the client from looking for one in the environment.
  const client = new Anthropic({ apiKey, authToken: null, baseURL: baseUrl, maxRetries: 1, timeout: listTimeoutMs });
  return async (signal) => {
    try {
      const models: Model[] = [];
      for await (const info of client.models.list({ limit: 1000 }, { signal })) models.push(toModel(info));
      return models;
    } catch (error) {
      if (!(error instanceof APIError)) throw badResponse(provider, 'unreadable model list', error);
      if (error.status !== undefined) throw fromApiError(provider, error as APIError);
      throw transportFailure(error.cause ?? error, provider, false);
    }
  };
}
