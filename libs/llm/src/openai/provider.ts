import type { Completion, CompletionRequest, StreamBatch } from '@parley/contracts';
import { shippedFactsOf } from '../capabilities/shipped.js';
import type { ProviderLimits } from '../config.js';
import { cannotEmbed } from '../embeddings/cannot-embed.js';
import type { Embeddings } from '../embeddings/embedding.js';
import { Losses } from '../losses.js';
import { labelOf, type CallContext, type Model, type ModelProvider, type ProviderPlaces } from '../provider.js';
import { readStream } from '../transport/read-stream.js';
import type { Answer } from '../transport/answer.js';
import { Transport } from '../transport/transport.js';
import { fromOpenAiCompletion } from './answer-in.js';
import { fromOpenAiEmbeddings, saysCannotEmbed, toOpenAiEmbeddingRequest } from './embeddings.js';
import { errorAnswer } from './errors.js';
import { fromOpenAiModels } from './models.js';
import { toOpenAiRequest } from './request-out.js';
import type { MaxTokensField, ServerManner } from './server-manner.js';
import { OpenAiStreamReader } from './stream-in.js';

export interface OpenAiCompatibleOptions extends ProviderLimits {
  readonly name: string;
  /** Which of several of its credentials this is. Default `1`. */
  readonly credential?: string;
  readonly places?: ProviderPlaces;
  /** Many servers on one’s own machines take none. */
  readonly apiKey?: string | undefined;
  /** With the version, for example `https://api.openai.com/v1` or `http://localhost:11434/v1`. */
  readonly baseUrl: string;
  /** Default: the newer name for OpenAI itself, the older for any other server. */
  readonly maxTokensField?: MaxTokensField;
  readonly knownModels?: RegExp;
  /** OpenAI’s own API, also where it is behind another address. Default: at api.openai.com. */
  readonly isOpenAi?: boolean;
}

function mannerOf({ baseUrl, maxTokensField, ...options }: OpenAiCompatibleOptions): ServerManner {
  const { isOpenAi = new URL(baseUrl).hostname === 'api.openai.com' } = options;
  return { isOpenAi, maxTokensField: maxTokensField ?? (isOpenAi ? 'max_completion_tokens' : 'max_tokens') };
}

/** OpenAI, or any server that speaks its chat completions: Ollama, vLLM, llama.cpp and others. */
export function openaiCompatibleProvider(options: OpenAiCompatibleOptions): ModelProvider {
  const { name, credential = '1', places, apiKey, knownModels, firstByteTimeoutMs } = options;
  const label = labelOf(name, credential);
  const manner = mannerOf(options);
  const transport = new Transport(label, {
    ...options,
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
    },
  });

  async function checked(response: Answer, signal: AbortSignal): Promise<Answer> {
    if (response.statusCode === 200) return response;
    throw errorAnswer(label, response.statusCode, response.headers, await transport.text(response, signal));
  }

  async function post(request: CompletionRequest, losses: Losses, { signal }: CallContext): Promise<Answer> {
    const body = JSON.stringify(toOpenAiRequest(request, manner, losses));
    return checked(await transport.send({ path: '/chat/completions', body, signal }), signal);
  }

  return {
    name,
    credential,
    firstByteTimeoutMs,
    ...(places && { places }),
    ...(knownModels && { knownModels }),
    async complete(request, context): Promise<Completion> {
      const losses = new Losses(name, request.names);
      const response = await post(request, losses, context);
      return fromOpenAiCompletion(await transport.text(response, context.signal), name, losses.dropped);
    },
    async *stream(request, context): AsyncGenerator<StreamBatch> {
      const losses = new Losses(name, request.names);
      const response = await post(request, losses, context);
      yield* readStream(transport, response, context.signal, new OpenAiStreamReader(name, losses.dropped));
    },
    async embed(request, { signal }): Promise<Embeddings> {
      // OpenAI's refusal of a model that answers in words reads like one of our credential.
      if (shippedFactsOf(request.model)?.facts.embeddings === false) throw cannotEmbed(request.model);
      const body = JSON.stringify(toOpenAiEmbeddingRequest(request));
      const answer = await transport.send({ path: '/embeddings', body, signal });
      const text = await transport.text(answer, signal);
      if (answer.statusCode === 200) return fromOpenAiEmbeddings(text, name, request);
      if (saysCannotEmbed(answer.statusCode, text)) throw cannotEmbed(request.model);
      throw errorAnswer(label, answer.statusCode, answer.headers, text);
    },
    async listModels(signal): Promise<Model[]> {
      const response = await checked(await transport.send({ path: '/models', signal }), signal);
      return fromOpenAiModels(await transport.text(response, signal), name);
    },
    close: () => transport.close(),
  };
}
