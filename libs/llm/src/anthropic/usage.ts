import { noTokens, type TokenCounts } from '@parley/contracts';
import { wholeCount } from '../count.js';
import { tierOf } from '../service-tier.js';

/** The counts of Anthropic’s `usage`, in an answer or an event; any may be missing or null. */
export interface AnthropicUsage {
  readonly input_tokens?: number | null | undefined;
  readonly output_tokens?: number | null | undefined;
  readonly cache_read_input_tokens?: number | null | undefined;
  readonly cache_creation_input_tokens?: number | null | undefined;
  readonly cache_creation?: { readonly ephemeral_1h_input_tokens?: number | null | undefined } | null | undefined;
  readonly service_tier?: string | null | undefined;
  readonly speed?: string | null | undefined;
  readonly output_tokens_details?: { readonly thinking_tokens?: number | null | undefined } | null | undefined;
}

/** The fast mode is priced as a tier is. */
export const anthropicTier = ({ speed, service_tier }: AnthropicUsage) =>
  tierOf(speed === 'fast' ? speed : service_tier);

/**
 * Anthropic’s `input_tokens` leaves the cache out and its `output_tokens` includes thinking. In a stream a later event
 * repeats some counts with their final value; those it does not repeat keep the one from before.
 */
export function fromAnthropicUsage(usage: AnthropicUsage, before: TokenCounts = noTokens): TokenCounts {
  const reasoning = wholeCount(usage.output_tokens_details?.thinking_tokens ?? before.reasoning);
  const output = usage.output_tokens ?? before.output + before.reasoning;
  return {
    input: wholeCount(usage.input_tokens ?? before.input),
    output: wholeCount(output - reasoning),
    cache_read: wholeCount(usage.cache_read_input_tokens ?? before.cache_read),
    cache_write: wholeCount(usage.cache_creation_input_tokens ?? before.cache_write),
    reasoning,
  };
}

/** Of what was written to the cache, that which is kept for an hour; nothing where there is none, or where it is not told. */
export function cacheWrite1h({ cache_creation }: AnthropicUsage, before?: number): { cache_write_1h?: number } {
  const cache_write_1h = wholeCount(cache_creation?.ephemeral_1h_input_tokens ?? before ?? 0);
  return cache_write_1h === 0 ? {} : { cache_write_1h };
}
