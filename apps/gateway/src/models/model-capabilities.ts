import { modelName } from '@parley/contracts';
import { capabilitiesOf, factNames, modelFacts, type ModelFacts, type OfferedModel } from '@parley/llm';
import { z } from 'zod';

/** Of one model, or of all. */
export const capabilitiesQuery = z.strictObject({ model: modelName.optional() });

/** The routes by which a model can be asked. */
const dialect = z.enum(['chat_completions', 'messages', 'responses', 'embeddings']);

const facts = z.strictObject(modelFacts).required().shape;

/** What is known of one model; `null` where nobody says. */
const modelCapabilities = z
  .strictObject({
    id: z.string(),
    provider: z.string(),
    context_window: facts.context_window.nullable().describe('Tokens that it sees at once, question and answer'),
    max_output_tokens: facts.max_output_tokens.nullable(),
    input: facts.input.nullable(),
    output: facts.output.nullable().describe('Empty where it answers with vectors alone'),
    tools: facts.tools.nullable(),
    structured_output: facts.structured_output.nullable(),
    thinking: facts.thinking.nullable(),
    caching: facts.caching.nullable(),
    embeddings: facts.embeddings.nullable(),
    dialects: z.array(dialect),
    sources: z.array(
      z.strictObject({
        from: z.enum(['configuration', 'provider', 'shipped']),
        url: z.string().optional(),
        as_of: z.string().optional(),
        facts: z.array(z.enum(factNames)),
      }),
    ),
  })
  .meta({ id: 'ModelCapabilities' });
export const modelCapabilitiesList = z
  .strictObject({ object: z.literal('list'), data: z.array(modelCapabilities) })
  .meta({ id: 'ModelCapabilitiesList' });
export type ModelCapabilitiesList = z.infer<typeof modelCapabilitiesList>;
type ModelCapabilities = z.infer<typeof modelCapabilities>;

function dialectsOf({ output, embeddings }: ModelFacts): ModelCapabilities['dialects'] {
  const speaks = output === undefined || output.includes('text');
  return [
    ...(speaks ? (['chat_completions', 'messages', 'responses'] as const) : []),
    ...(embeddings ? (['embeddings'] as const) : []),
  ];
}

const unknown: Pick<ModelCapabilities, keyof ModelFacts> = {
  context_window: null,
  max_output_tokens: null,
  input: null,
  output: null,
  tools: null,
  structured_output: null,
  thinking: null,
  caching: null,
  embeddings: null,
};

/** The facts of a model, each with where it is from. */
export function toModelCapabilities(model: OfferedModel): ModelCapabilities {
  const { facts, sources } = capabilitiesOf(model);
  return {
    id: model.id,
    provider: model.provider,
    ...unknown,
    ...facts,
    dialects: dialectsOf(facts),
    sources: sources.map(({ from, source, as_of, facts }) => ({
      from,
      ...(source !== undefined && { url: source }),
      ...(as_of !== undefined && { as_of }),
      facts: Object.keys(facts) as (keyof ModelFacts)[],
    })),
  };
}
