import type { Completion, CompletionRequest, StreamBatch } from '@parley/contracts';
import { Losses } from '../losses.js';
import { labelOf, type CallContext, type ModelProvider, type ProviderPlaces } from '../provider.js';
import { readStream } from '../transport/read-stream.js';
import type { Answer } from '../transport/answer.js';
import { Transport } from '../transport/transport.js';
import type { ProviderLimits } from '../config.js';
import { fromAnthropicMessage } from './answer-in.js';
import { errorAnswer } from './errors.js';
import { anthropicModels } from './models.js';
import { requestHeaders, toAnthropicRequest } from './request-out.js';
import { AnthropicStreamReader } from './stream-in.js';
import { anthropicTokenCount } from './token-count.js';

/** The API version that @anthropic-ai/sdk 1.11 speaks. */
const anthropicVersion = '2026-10-21';

export interface AnthropicOptions extends ProviderLimits {
  readonly name: string;
  /** Which of several of its credentials this is. Default `1`. */
  readonly credential?: string;
  readonly places?: ProviderPlaces;
  readonly apiKey: string;
  readonly baseUrl: string;
  /** Sent where the caller set no limit, which OpenAI allows and Anthropic does not. Default 16,384 tokens. */
  readonly defaultMaxTokens?: number;
}

/** Anthropic’s Messages API: the SDK’s types and errors over our own connections (ADR 0011). */
export function anthropicProvider(options: AnthropicOptions): ModelProvider {
  const { name, credential = '1', places, apiKey, baseUrl, firstByteTimeoutMs, defaultMaxTokens = 16_384 } = options;
  const label = labelOf(name, credential);
  const client = { provider: label, baseUrl, apiKey };
  const transport = new Transport(label, {
    ...options,
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      'anthropic-version': anthropicVersion,
      authorization: `Bearer ${apiKey}`,
    },
  });

  async function post(request: CompletionRequest, losses: Losses, { signal }: CallContext): Promise<Answer> {
    const body = JSON.stringify(toAnthropicRequest(request, defaultMaxTokens, losses));
    const response = await transport.send({ path: '/v1/messages', body, headers: requestHeaders(request), signal });
    if (response.statusCode === 200) return response;
    throw errorAnswer(label, response.statusCode, response.headers, await transport.text(response, signal));
  }

  return {
    name,
    credential,
    firstByteTimeoutMs,
    ...(places && { places }),
    knownModels: /^claude-/,
    async complete(request, context): Promise<Completion> {
      const losses = new Losses(name, request.names);
      const response = await post(request, losses, context);
      return fromAnthropicMessage(await transport.text(response, context.signal), name, losses.dropped);
    },
    async *stream(request, context): AsyncGenerator<StreamBatch> {
      const losses = new Losses(name, request.names);
      const response = await post(request, losses, context);
      yield* readStream(transport, response, context.signal, new AnthropicStreamReader(name, losses.dropped));
    },
    countTokens: anthropicTokenCount(client, firstByteTimeoutMs),
    listModels: anthropicModels(client),
    close: () => transport.close(),
  };
}
