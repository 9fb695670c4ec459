import { z } from 'zod';
import type { ModelFacts } from './facts.js';

const tokens = z.int().min(1).nullish().catch(undefined);
const words = z.array(z.string()).nullish().catch(undefined);

/**
 * What servers that speak OpenAI's wire format say of a model in their lists, beyond OpenAI's own four fields: vLLM and
 * SGLang `max_model_len`, llama.cpp `meta.n_ctx`, Groq `context_window`, OpenRouter the rest. What does not fit is left.
 */
const described = z.looseObject({
  max_model_len: tokens,
  context_window: tokens,
  context_length: tokens,
  max_completion_tokens: tokens,
  meta: z.looseObject({ n_ctx: tokens }).nullish().catch(undefined),
  top_provider: z.looseObject({ max_completion_tokens: tokens }).nullish().catch(undefined),
  architecture: z.looseObject({ input_modalities: words, output_modalities: words }).nullish().catch(undefined),
  supported_parameters: words,
});

const modalities = { text: 'text', image: 'image', file: 'document', audio: 'audio', video: 'video' } as const;
const isModality = (word: string): word is keyof typeof modalities => Object.hasOwn(modalities, word);
const known = (list: readonly string[] | null | undefined) => list?.filter(isModality).map((word) => modalities[word]);

type Described = z.infer<typeof described>;

const first = (...values: (number | null | undefined)[]): number | undefined =>
  values.find((value) => typeof value === 'number') ?? undefined;

/** What a list of OpenAI's form says of a model. */
export function openaiFacts(entry: Readonly<Record<string, unknown>>): ModelFacts {
  const wire = described.parse(entry);
  const { max_model_len, context_window, context_length, meta, max_completion_tokens, top_provider } = wire;
  return {
    context_window: first(max_model_len, context_window, context_length, meta?.n_ctx),
    max_output_tokens: first(max_completion_tokens, top_provider?.max_completion_tokens),
    ...architectureFacts(wire.architecture),
    ...parameterFacts(wire.supported_parameters),
  };
}

function architectureFacts(architecture: Described['architecture']): ModelFacts {
  const input = known(architecture?.input_modalities);
  return {
    input: input?.length ? input : undefined,
    output: known(architecture?.output_modalities),
    embeddings: architecture?.output_modalities?.includes('embeddings'),
  };
}

const parameterFacts = (names: Described['supported_parameters']): ModelFacts =>
  names
    ? {
        tools: names.includes('tools'),
        structured_output: names.includes('structured_outputs'),
        thinking: names.includes('reasoning'),
      }
    : {};
