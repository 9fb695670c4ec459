import { modelName } from '@parley/contracts';
import type { EmbeddingRequest, Embeddings } from '@parley/llm';
import { z } from 'zod';
import { readBody } from '../read-body.js';

const text = z.string().min(1, 'must not be empty');
const token = z.int().min(0);
const tokens = z.array(token).min(1, 'must not be empty');

/** `EmbeddingCreateParams` of openai 7.55, every field of it and no other. How much a model takes is its provider's to judge. */
export const embeddingsRequest = z.strictObject({
  model: modelName,
  /** A text, several, or either as the model's own tokens. */
  input: z.union([text, z.array(text).min(1), tokens, z.array(tokens).min(1)], {
    error: 'must be a text, a list of texts, a list of tokens or a list of those, none of them empty',
  }),
  dimensions: z.int().min(1).optional(),
  encoding_format: z.enum(['float', 'base64']).default('float'),
  user: z.string().optional(),
});
type WireRequest = z.infer<typeof embeddingsRequest>;

const inputOf = (input: WireRequest['input']): EmbeddingRequest['input'] => {
  if (typeof input === 'string') return [input];
  return typeof input[0] === 'number' ? [input as number[]] : (input as string[] | number[][]);
};

/** @throws AppError request.invalid, naming each field that does not fit or is not known. */
export function readEmbeddingRequest(body: unknown): EmbeddingRequest {
  const { model, input, dimensions, encoding_format: format, user } = readBody(embeddingsRequest, body);
  return { model, input: inputOf(input), dimensions, format, user };
}

/** The JSON text of an answer. */
export const toEmbeddingsAnswer = ({ model, vectors, tokens: { input } }: Embeddings): string =>
  JSON.stringify({
    object: 'list',
    data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })),
    model,
    usage: { prompt_tokens: input, total_tokens: input },
  });
