import type { TokenCounts } from '@parley/contracts';
import type { ResponseUsage } from 'openai/resources/responses/responses';

/** Our five classes in OpenAI’s two sums and their parts. */
export function toResponseUsage({ input, output, cache_read, cache_write, reasoning }: TokenCounts): ResponseUsage {
  const input_tokens = input + cache_read + cache_write;
  const output_tokens = output + reasoning;
  return {
    input_tokens,
    input_tokens_details: { cached_tokens: cache_read, cache_write_tokens: cache_write },
    output_tokens,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input_tokens + output_tokens,
  };
}
