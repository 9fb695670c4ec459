import type { TokenCounts } from '@parley/contracts';
import { wholeCount } from '../count.js';

/** The counts of OpenAI’s `usage`; compatible servers leave out details or set them to null. */
export interface OpenAiUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens?: number | null | undefined;
  readonly prompt_tokens_details?:
    | { readonly cached_tokens?: number | null | undefined; readonly cache_write_tokens?: number | null | undefined }
    | null
    | undefined;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number | null | undefined } | null | undefined;
}

/**
 * OpenAI’s `prompt_tokens` includes what came from and went to the cache, its `completion_tokens` the reasoning. Some
 * servers leave them out: there the part is more than the whole, or the total is the sum of all three (xAI).
 */
export function fromOpenAiUsage(usage: OpenAiUsage): TokenCounts {
  const { prompt_tokens: prompt, completion_tokens: completion, total_tokens: total } = usage;
  const cache_read = wholeCount(usage.prompt_tokens_details?.cached_tokens ?? 0);
  const cache_write = wholeCount(usage.prompt_tokens_details?.cache_write_tokens ?? 0);
  const reasoning = wholeCount(usage.completion_tokens_details?.reasoning_tokens ?? 0);
  const besides = total === prompt + completion + reasoning;
  return {
    input: wholeCount(without(prompt, cache_read + cache_write)),
    output: besides ? wholeCount(completion) : wholeCount(without(completion, reasoning)),
    cache_read,
    cache_write,
    reasoning,
  };
}

const without = (whole: number, part: number): number => (part > whole ? whole : whole - part);
