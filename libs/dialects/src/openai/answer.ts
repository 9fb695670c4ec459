import type { Block, Choice, Completion, ReasoningBlock, StopReason } from '@parley/contracts';
import { annotationsOver } from './annotations.js';
import { toChatUsage } from './usage.js';

type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

export const finishReasons: Readonly<Record<StopReason, FinishReason>> = {
  end: 'stop',
  stop_sequence: 'stop',
  pause: 'stop',
  length: 'length',
  context_window: 'length',
  tool_calls: 'tool_calls',
  content_filter: 'content_filter',
  refusal: 'content_filter',
};

/** OpenAI’s ids have a prefix of their own; what follows is the provider’s. */
export const toChatId = (id: string): string => (id.startsWith('chatcmpl-') ? id : `chatcmpl-${id}`);

/** A thought with what proves it, as an entry of `reasoning_details`. */
const toReasoningDetail = ({ text, signature, redacted }: ReasoningBlock) =>
  redacted === undefined
    ? { type: 'reasoning.text', text, ...(signature !== undefined && { signature }) }
    : { type: 'reasoning.encrypted', data: redacted };

/** What brings thoughts back with their signatures; those that nobody signed need no more than their text. */
export const toReasoningDetails = (thoughts: readonly ReasoningBlock[]): { reasoning_details?: object[] } =>
  thoughts.some(({ signature, redacted }) => signature ?? redacted)
    ? { reasoning_details: thoughts.map(toReasoningDetail) }
    : {};

const joined = (blocks: readonly Block[], type: 'text' | 'reasoning' | 'refusal'): string | null => {
  const texts = blocks.flatMap((block) => (block.type === type && 'text' in block ? block.text : []));
  return texts.length === 0 ? null : texts.join('');
};

/** Thoughts have no place in OpenAI’s type: `reasoning_content` is what other servers call it, the details bring signatures back. */
function reasoning(content: readonly Block[]): object | undefined {
  const thoughts = content.filter((block) => block.type === 'reasoning');
  if (thoughts.length === 0) return undefined;
  return { reasoning_content: joined(content, 'reasoning'), ...toReasoningDetails(thoughts) };
}

function message({ content, stop }: Choice): object {
  const calls = content.filter((block) => block.type === 'tool_call');
  const annotations = annotationsOver(content);
  return {
    role: 'assistant',
    content: joined(content, 'text'),
    refusal: joined(content, 'refusal') ?? stop.explanation ?? null,
    ...(annotations.length > 0 && { annotations }),
    ...reasoning(content),
    ...(calls.length > 0 && {
      tool_calls: calls.map((call) => ({
        id: call.id,
        type: 'function',
        function: { name: call.name, arguments: call.arguments },
      })),
    }),
  };
}

/** The JSON text of a `chat.completion`; an answer that came in this dialect is passed on unchanged. */
export function toChatCompletion({ native, id, created, model, choices, tokens }: Completion): string {
  if (native?.vendor === 'openai') return native.text;
  return JSON.stringify({
    id: toChatId(id),
    object: 'chat.completion',
    created,
    model,
    choices: choices.map((choice, index) => ({
      index,
      message: message(choice),
      logprobs: null,
      finish_reason: finishReasons[choice.stop.reason],
      // OpenAI does not tell the stop sequence that was met; vLLM tells it so.
      ...(choice.stop.sequence !== undefined && { stop_reason: choice.stop.sequence }),
    })),
    usage: toChatUsage(tokens),
  });
}
