import { noTokens, type Block, type Choice, type Completion, type Stop, type StopReason } from '@parley/contracts';
import { z } from 'zod';
import { badResponse } from '../transport/failures.js';
import { fromOpenAiUsage } from './usage.js';

const count = z.number();
const optionalCount = z.number().nullish();

export const usageSchema = z.looseObject({
  prompt_tokens: count,
  completion_tokens: count,
  prompt_tokens_details: z.looseObject({ cached_tokens: optionalCount, cache_write_tokens: optionalCount }).nullish(),
  completion_tokens_details: z.looseObject({ reasoning_tokens: optionalCount }).nullish(),
});

/** Some servers answer the arguments as an object instead of as its text. */
const call = z.looseObject({ name: z.string(), arguments: z.unknown() });

/** Without `function` it is a call of another kind, which only OpenAI knows. */
const toolCallSchema = z.looseObject({ id: z.string().default(''), function: call.optional() });

const messageSchema = z.looseObject({
  content: z.string().nullish(),
  refusal: z.string().nullish(),
  /** What DeepSeek, vLLM and llama.cpp call the model’s thoughts; OpenAI does not show them. */
  reasoning_content: z.string().nullish(),
  function_call: call.nullish(),
  tool_calls: z.array(toolCallSchema).nullish(),
});
type WireMessage = z.infer<typeof messageSchema>;

/** What we read of a chat completion; the rest passes unread. */
const completionSchema = z.looseObject({
  id: z.string(),
  model: z.string(),
  created: z.number().default(0),
  choices: z.array(z.looseObject({ finish_reason: z.string().nullish(), message: messageSchema })).min(1),
  usage: usageSchema.nullish(),
});

const reasons: Readonly<Record<string, StopReason>> = {
  stop: 'end',
  length: 'length',
  tool_calls: 'tool_calls',
  function_call: 'tool_calls',
  content_filter: 'content_filter',
};

/** A reason that is newer than this table reads as a normal end. */
export const fromFinishReason = (reason: string | null | undefined): Stop => ({
  reason: reasons[reason ?? ''] ?? 'end',
});

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? {}));

function toolCallBlock(wire: z.infer<typeof toolCallSchema>): Block {
  const { id, function: called } = wire;
  if (called === undefined) return { type: 'vendor', vendor: 'openai', value: wire };
  return { type: 'tool_call', id, name: called.name, arguments: textOf(called.arguments) };
}

/** The parts of an answer in the order in which a model comes to them. */
function* blocksOf(message: WireMessage): Generator<Block> {
  if (message.reasoning_content) yield { type: 'reasoning', text: message.reasoning_content };
  if (typeof message.content === 'string') yield { type: 'text', text: message.content };
  if (typeof message.refusal === 'string') yield { type: 'refusal', text: message.refusal };
  for (const one of message.tool_calls ?? []) yield toolCallBlock(one);
  const legacy = message.function_call;
  if (legacy) {
    const vendor = { openai: { function_call: true } };
    yield { type: 'tool_call', id: legacy.name, name: legacy.name, arguments: textOf(legacy.arguments), vendor };
  }
}

function parse(text: string, provider: string): z.infer<typeof completionSchema> {
  try {
    return completionSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw badResponse(provider, `no chat completion: ${text.slice(0, 200)}`, cause);
  }
}

/** @throws AppError provider.bad_response when the text is no chat completion. `tokens` are zero where it has none. */
export function fromOpenAiCompletion(text: string, provider: string, dropped: string[]): Completion {
  const wire = parse(text, provider);
  const choices = wire.choices.map(({ message, finish_reason }): Choice => ({
    content: [...blocksOf(message)],
    stop: fromFinishReason(finish_reason),
  }));
  return {
    id: wire.id,
    model: wire.model,
    created: wire.created,
    choices: choices as [Choice, ...Choice[]],
    tokens: wire.usage ? fromOpenAiUsage(wire.usage) : noTokens,
    estimated: !wire.usage,
    dropped,
    native: { vendor: 'openai', text },
  };
}
