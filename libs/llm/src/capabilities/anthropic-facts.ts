import type { ModelInfo } from '@anthropic-ai/sdk/resources/models';
import type { ModelFacts } from './facts.js';

/** What Anthropic's list says of a model. Servers that imitate it leave some out. */
export function anthropicFacts({ max_input_tokens, max_tokens, capabilities }: Partial<ModelInfo>): ModelFacts {
  return {
    context_window: max_input_tokens ?? undefined,
    max_output_tokens: max_tokens ?? undefined,
    ...(capabilities && {
      input: [
        'text' as const,
        ...(capabilities.image_input.supported ? (['image'] as const) : []),
        ...(capabilities.pdf_input.supported ? (['document'] as const) : []),
      ],
      structured_output: capabilities.structured_outputs.supported,
      thinking: capabilities.thinking.supported,
    }),
  };
}
