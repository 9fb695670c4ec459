import type { ContentBlock } from '@anthropic-ai/sdk/resources/messages';
import type { Completion, Stop, StopReason } from '@parley/contracts';
import { z } from 'zod';
import { badResponse } from '../transport/failures.js';
import { fromAnthropicBlock } from './blocks-in.js';
import { anthropicTier, cacheWrite1h, fromAnthropicUsage } from './usage.js';

const tokens = z.number().nullish();
const word = z.string().nullish().catch(undefined);

/** What we read of a usage object. */
const usageSchema = z.object({
  input_tokens: tokens,
  output_tokens: tokens,
  cache_read_input_tokens: tokens,
  cache_creation_input_tokens: tokens,
  cache_creation: z.object({ ephemeral_1h_input_tokens: tokens }).nullish(),
  service_tier: word,
  speed: word,
  output_tokens_details: z.object({ thinking_tokens: tokens }).nullish(),
});

const isBlock = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** What we read of a message. Blocks are taken as they are: to copy them costs as much as all the rest. */
const messageSchema = z.object({
  type: z.literal('message'),
  id: z.string(),
  model: z.string(),
  content: z.array(z.custom<ContentBlock>(isBlock)),
  stop_reason: z.string().nullish(),
  stop_sequence: z.string().nullish(),
  stop_details: z.object({ explanation: z.string().nullish() }).nullish(),
  usage: usageSchema,
});

const reasons: Readonly<Record<string, StopReason>> = {
  end_turn: 'end',
  max_tokens: 'length',
  stop_sequence: 'stop_sequence',
  tool_use: 'tool_calls',
  pause_turn: 'pause',
  refusal: 'refusal',
  model_context_window_exceeded: 'context_window',
};

interface WireStop {
  readonly stop_reason?: string | null | undefined;
  readonly stop_sequence?: string | null | undefined;
  readonly stop_details?: { readonly explanation?: string | null | undefined } | null | undefined;
}

/** A reason that is newer than this table reads as a normal end. */
export const fromAnthropicStop = ({ stop_reason, stop_sequence, stop_details }: WireStop): Stop => ({
  reason: reasons[stop_reason ?? ''] ?? 'end',
  ...(typeof stop_sequence === 'string' && { sequence: stop_sequence }),
  ...(typeof stop_details?.explanation === 'string' && { explanation: stop_details.explanation }),
});

function parse(text: string, provider: string): z.infer<typeof messageSchema> {
  try {
    return messageSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw badResponse(provider, `no message: ${text.slice(0, 200)}`, cause);
  }
}

/** @throws AppError provider.bad_response when the text is no message. */
export function fromAnthropicMessage(text: string, provider: string, dropped: string[]): Completion {
  const wire = parse(text, provider);
  return {
    id: wire.id,
    model: wire.model,
    created: Math.floor(Date.now() / 1000),
    choices: [{ content: wire.content.map(fromAnthropicBlock), stop: fromAnthropicStop(wire) }],
    tokens: fromAnthropicUsage(wire.usage),
    ...cacheWrite1h(wire.usage),
    ...anthropicTier(wire.usage),
    estimated: false,
    dropped,
    native: { vendor: 'anthropic', text },
  };
}
