import { AppError, noTokens, type TokenCounts } from '@parley/contracts';
import { z } from 'zod';
import { wholeCount } from '../count.js';
import type { EmbeddingRequest, Embeddings, Vector } from '../embeddings/embedding.js';
import { inFormat, lengthOf } from '../embeddings/vectors.js';
import { tokensOfLength } from '../estimate.js';
import { badResponse } from '../transport/failures.js';
import { wordsOf } from './errors.js';

/** The body of `POST /embeddings`. */
export const toOpenAiEmbeddingRequest = ({ model, input, dimensions, format, user }: EmbeddingRequest): object => ({
  model,
  input,
  encoding_format: format,
  dimensions,
  user,
});

/** By hand: a batch has millions of numbers, which a schema would copy one by one. */
const isVector = (value: unknown): value is Vector =>
  typeof value === 'string' || (Array.isArray(value) && value.every((number) => typeof number === 'number'));

const wireEmbeddings = z.looseObject({
  model: z.string().optional(),
  data: z.array(z.looseObject({ index: z.int().min(0), embedding: z.custom<Vector>(isVector, 'is no vector') })),
  usage: z.looseObject({ prompt_tokens: z.number() }).nullish(),
});

function parse(text: string, provider: string): z.infer<typeof wireEmbeddings> {
  try {
    return wireEmbeddings.parse(JSON.parse(text));
  } catch (cause) {
    throw badResponse(provider, `no embeddings: ${text.slice(0, 200)}`, cause);
  }
}

const estimated = ({ input }: EmbeddingRequest): TokenCounts => {
  const sizes = input.map((one) => (typeof one === 'string' ? tokensOfLength(one.length) : one.length));
  return { ...noTokens, input: sizes.reduce((sum, size) => sum + size, 0) };
};

/**
 * @throws AppError provider.bad_response when the text is not one vector for each input, provider.rejected when the
 * vectors are not as long as was asked for: some servers leave `dimensions` out in silence.
 */
export function fromOpenAiEmbeddings(text: string, provider: string, request: EmbeddingRequest): Embeddings {
  const { model = request.model, data, usage } = parse(text, provider);
  const byIndex = new Map(data.map(({ index, embedding }) => [index, embedding]));
  const vectors = request.input.map((_, index) => {
    const vector = byIndex.get(index);
    if (vector === undefined) throw badResponse(provider, `${data.length} vectors, and none for input ${index}`);
    demandLength(vector, request, provider);
    return inFormat(vector, request.format);
  });
  const tokens = usage ? { ...noTokens, input: wholeCount(usage.prompt_tokens) } : estimated(request);
  return { model, vectors, tokens, estimated: !usage };
}

function demandLength(vector: Vector, { dimensions }: EmbeddingRequest, provider: string): void {
  const length = lengthOf(vector);
  if (dimensions === undefined || length === dimensions) return;
  const message = `provider "${provider}" gives ${length} whatever it is asked for`;
  throw new AppError('provider.rejected', {
    detail: `"dimensions" cannot be carried: ${message}`,
    fields: [{ path: 'dimensions', message }],
  });
}

/** Whether an error says that there are no embeddings: llama.cpp by 501, OpenAI by 403, others by having no such route. */
export function saysCannotEmbed(status: number, text: string): boolean {
  const words = wordsOf(text);
  if (status === 404) return words === undefined;
  if (status === 403) return words?.includes('embeddings') ?? false;
  return status === 405 || status === 501;
}
