import {
  noTokens,
  type Block,
  type Choice,
  type Completion,
  type ReasoningBlock,
  type Stop,
  type StopReason,
} from '@parley/contracts';
import { z } from 'zod';
import { tierOf } from '../service-tier.js';
import { badResponse } from '../transport/failures.js';
import { fromReasoningDetail } from './reasoning-details.js';
import { fromOpenAiUsage } from './usage.js';

const count = z.number();
const optionalCount = z.number().nullish();

export const usageSchema = z.looseObject({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: optionalCount.catch(undefined),
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
  /** What Ollama, OpenRouter and newer vLLM call them. */
  reasoning: z.string().nullish(),
  reasoning_details: z.array(z.looseObject({ type: z.string() })).nullish(),
  annotations: z.array(z.looseObject({})).nullish(),
  function_call: call.nullish(),
  tool_calls: z.array(toolCallSchema).nullish(),
});
type WireMessage = z.infer<typeof messageSchema>;

const choiceSchema = z.looseObject({
  finish_reason: z.string().nullish(),
  /** The stop sequence that was met, as vLLM tells it. */
  stop_reason: z.unknown().optional(),
  message: messageSchema,
});

/** What we read of a chat completion; the rest passes unread. */
const completionSchema = z.looseObject({
  id: z.string(),
  model: z.string(),
  created: z.number().default(0),
  choices: z.array(choiceSchema).min(1),
  usage: usageSchema.nullish(),
  service_tier: z.string().nullish().catch(undefined),
});

const reasons: Readonly<Record<string, StopReason>> = {
  stop: 'end',
  length: 'length',
  tool_calls: 'tool_calls',
  function_call: 'tool_calls',
  content_filter: 'content_filter',
};

/**
 * Why an answer ended. OpenAI says `stop` also of a call that was demanded, and some servers of every call: their
 * callers run a tool only where they are told so. A reason that is newer than this table reads as a normal end.
 */
export function fromFinishReason(reason: string | null | undefined, called: boolean, stopReason?: unknown): Stop {
  const read = reasons[reason ?? ''] ?? 'end';
  if (read !== 'end') return { reason: read };
  if (called) return { reason: 'tool_calls' };
  return typeof stopReason === 'string' ? { reason: 'stop_sequence', sequence: stopReason } : { reason: 'end' };
}

/** For a call that came without an id: results are matched to calls by it, also in later turns. */
export const madeUpCallId = (answerId: string, number: number): string => `call_${answerId}_${number}`;

/** A call without arguments has the JSON of none. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value || '{}' : JSON.stringify(value ?? {}));

function toolCallBlock(wire: z.infer<typeof toolCallSchema>, madeUpId: string): Block {
  const { id, function: called } = wire;
  if (called === undefined) return { type: 'vendor', vendor: 'openai', value: wire };
  return { type: 'tool_call', id: id || madeUpId, name: called.name, arguments: textOf(called.arguments) };
}

const textBlock = (text: string, annotations: WireMessage['annotations']): Block => ({
  type: 'text',
  text,
  ...(annotations?.length && { vendor: { openai: { annotations } } }),
});

function thoughtsOf({ reasoning_content, reasoning, reasoning_details }: WireMessage): ReasoningBlock[] {
  const detailed = (reasoning_details ?? []).flatMap((detail) => fromReasoningDetail(detail) ?? []);
  if (detailed.length > 0) return detailed;
  const text = reasoning_content || reasoning;
  return text ? [{ type: 'reasoning', text }] : [];
}

/** The parts of an answer in the order in which a model comes to them. */
function* blocksOf(message: WireMessage, answerId: string): Generator<Block> {
  yield* thoughtsOf(message);
  if (message.content) yield textBlock(message.content, message.annotations);
  if (typeof message.refusal === 'string') yield { type: 'refusal', text: message.refusal };
  for (const [number, call] of (message.tool_calls ?? []).entries()) {
    yield toolCallBlock(call, madeUpCallId(answerId, number));
  }
  const legacy = message.function_call;
  if (legacy) {
    const vendor = { openai: { function_call: true } };
    yield { type: 'tool_call', id: legacy.name, name: legacy.name, arguments: textOf(legacy.arguments), vendor };
  }
}

function toChoice({ message, finish_reason, stop_reason }: z.infer<typeof choiceSchema>, answerId: string): Choice {
  const content = [...blocksOf(message, answerId)];
  const called = Boolean(message.tool_calls?.length || message.function_call);
  return { content, stop: fromFinishReason(finish_reason, called, stop_reason) };
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
  const choices = wire.choices.map((choice) => toChoice(choice, wire.id));
  return {
    id: wire.id,
    model: wire.model,
    created: wire.created,
    choices: choices as [Choice, ...Choice[]],
    tokens: wire.usage ? fromOpenAiUsage(wire.usage) : noTokens,
    ...tierOf(wire.service_tier),
    estimated: !wire.usage,
    dropped,
    native: { vendor: 'openai', text },
  };
}
