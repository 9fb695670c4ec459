import { undated } from '../release-date.js';
import type { ModelFacts } from './facts.js';

/** Facts of one day, and where they were published. */
export interface FactSheet {
  readonly source: string;
  readonly as_of: string;
  /** By model; a last `*` stands for anything. */
  readonly models: Readonly<Record<string, ModelFacts>>;
}

const seeing = { input: ['text', 'image', 'document'], output: ['text'] } as const satisfies ModelFacts;
const able = { tools: true, structured_output: true, caching: true, embeddings: false } as const satisfies ModelFacts;
const reasoning = { ...seeing, ...able, thinking: true } satisfies ModelFacts;
const plain = { ...seeing, ...able, thinking: false } satisfies ModelFacts;
const vectors = {
  context_window: 8_192,
  input: ['text'],
  output: [],
  tools: false,
  structured_output: false,
  thinking: false,
  caching: false,
  embeddings: true,
} as const satisfies ModelFacts;

/** What Parley knows of models whose providers' lists say less: OpenAI's lists have names alone. */
const shippedFacts: readonly FactSheet[] = [
  {
    source: 'https://developers.openai.com/api/docs/models',
    as_of: '2026-11-21',
    models: {
      'gpt-6-astra': { ...reasoning, context_window: 1_050_000, max_output_tokens: 128_000 },
      'gpt-5.6-sol': { ...reasoning, context_window: 1_050_000, max_output_tokens: 128_000 },
      'gpt-5.6-terra': { ...reasoning, context_window: 1_050_000, max_output_tokens: 128_000 },
      'gpt-5.5': { ...reasoning, context_window: 1_050_000, max_output_tokens: 128_000 },
      'gpt-5.4': { ...reasoning, context_window: 1_050_000, max_output_tokens: 128_000 },
      'gpt-5.4-mini': { ...reasoning, context_window: 400_000, max_output_tokens: 128_000 },
      'gpt-5.4-nano': { ...reasoning, context_window: 400_000, max_output_tokens: 128_000 },
      'gpt-5.2': { ...reasoning, context_window: 400_000, max_output_tokens: 128_000 },
      'gpt-5.1': { ...reasoning, context_window: 400_000, max_output_tokens: 128_000 },
      'gpt-5': { ...reasoning, context_window: 400_000, max_output_tokens: 128_000 },
      'gpt-5-mini': { ...reasoning, context_window: 400_000, max_output_tokens: 128_000 },
      'gpt-5-nano': { ...reasoning, context_window: 400_000, max_output_tokens: 128_000 },
      'gpt-4.1': { ...plain, context_window: 1_047_576, max_output_tokens: 32_768 },
      'gpt-4.1-mini': { ...plain, context_window: 1_047_576, max_output_tokens: 32_768 },
      'gpt-4.1-nano': { ...plain, context_window: 1_047_576, max_output_tokens: 32_768 },
      'gpt-4o': { ...plain, context_window: 128_000, max_output_tokens: 16_384 },
      'gpt-4o-mini': { ...plain, context_window: 128_000, max_output_tokens: 16_384 },
      'o4-mini': { ...reasoning, context_window: 200_000, max_output_tokens: 100_000 },
      o3: { ...reasoning, context_window: 200_000, max_output_tokens: 100_000 },
      'text-embedding-3-large': vectors,
      'text-embedding-3-small': vectors,
      'text-embedding-ada-002': vectors,
    },
  },
  {
    // Anthropic's list has the rest of what is known of its models.
    source: 'https://platform.claude.com/docs/en/about-claude/models/overview',
    as_of: '2026-11-21',
    models: { 'claude-*': { output: ['text'], tools: true, caching: true, embeddings: false } },
  },
];

/** What the sheets say of a model, or of the one that it is a dated release of. */
export function shippedFactsOf(model: string): { readonly sheet: FactSheet; readonly facts: ModelFacts } | undefined {
  const name = undated(model);
  for (const sheet of shippedFacts) {
    const facts = sheet.models[name] ?? family(sheet, name);
    if (facts) return { sheet, facts };
  }
  return undefined;
}

const family = ({ models }: FactSheet, name: string): ModelFacts | undefined =>
  Object.entries(models).find(([key]) => key.endsWith('*') && name.startsWith(key.slice(0, -1)))?.[1];
