import type { TokenCounts } from '@parley/contracts';

/** Our five classes in OpenAI’s two sums and their parts. */
export function toChatUsage({ input, output, cache_read, cache_write, reasoning }: TokenCounts) {
  const prompt_tokens = input + cache_read + cache_write;
  const completion_tokens = output + reasoning;
  return {
    prompt_tokens,
    completion_tokens,
    total_tokens: prompt_tokens + completion_tokens,
    prompt_tokens_details: { cached_tokens: cache_read, cache_write_tokens: cache_write, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: reasoning, audio_tokens: 0 },
  };
}
