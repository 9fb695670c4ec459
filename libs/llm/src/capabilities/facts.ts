import { z } from 'zod';

const modality = z.enum(['text', 'image', 'document', 'audio', 'video']);

/** What can be known of a model. An absent fact is not known, which is not the same as `false`. */
export const modelFacts = {
  /** Tokens that the model sees at once, question and answer together. */
  context_window: z.int().min(1).optional(),
  /** Most tokens of one answer, its thoughts included. */
  max_output_tokens: z.int().min(1).optional(),
  /** What a question may be made of. */
  input: z.array(modality).min(1).optional(),
  /** What an answer is made of; empty for a model that answers with vectors alone. */
  output: z.array(modality).optional(),
  tools: z.boolean().optional(),
  /** Answers that fit a JSON schema. */
  structured_output: z.boolean().optional(),
  thinking: z.boolean().optional(),
  /** Prefixes of a question that cost less the second time. */
  caching: z.boolean().optional(),
  embeddings: z.boolean().optional(),
};
export type ModelFacts = Readonly<z.infer<z.ZodObject<typeof modelFacts>>>;
/** The names of all of them, in that order. */
export const factNames = Object.keys(modelFacts) as [keyof ModelFacts, ...(keyof ModelFacts)[]];
