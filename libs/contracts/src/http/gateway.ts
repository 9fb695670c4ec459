import { z } from 'zod';
import { modelName } from '../tokens.js';
import { defineRoute } from './route.js';

/** Response header of a plain completion: what it cost in USD, as a decimal; absent where no price is known. */
export const costHeader = 'x-parley-cost';

/** A question may carry images and documents, to a model and into a session's turn: 32 MiB, as Anthropic's own limit. */
export const maxQuestionBytes = 32 * 1024 * 1024;

/** As much of OpenAI's chat completions as another service asks with. */
export const modelQuestion = z.strictObject({
  model: modelName,
  messages: z
    .array(z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content: z.string().min(1) }))
    .min(1),
});

const count = z.number().nullish();

/** As much of the answer as is read; whatever else it has is left out. */
export const modelAnswer = z.object({
  model: z.string(),
  choices: z
    .array(z.object({ message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }) }))
    .min(1),
  usage: z
    .object({
      prompt_tokens: z.number(),
      completion_tokens: z.number(),
      prompt_tokens_details: z.object({ cached_tokens: count, cache_write_tokens: count }).nullish(),
      completion_tokens_details: z.object({ reasoning_tokens: count }).nullish(),
    })
    .nullish(),
});
export type ModelAnswer = z.infer<typeof modelAnswer>;

/** Not idempotent: each call is paid for. Its errors have OpenAI’s shape, with our codes. */
export const askModel = defineRoute({
  service: 'gateway',
  method: 'POST',
  path: '/v1/chat/completions',
  request: modelQuestion,
  response: modelAnswer,
});

export const listModels = defineRoute({
  service: 'gateway',
  method: 'GET',
  path: '/v1/models',
  response: z.object({ data: z.array(z.object({ id: z.string() })) }),
});
