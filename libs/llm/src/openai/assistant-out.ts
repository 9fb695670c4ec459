import type { Block, Message, RefusalBlock, TextBlock, ToolCallBlock } from '@parley/contracts';
import { openaiAnnotations } from '@parley/dialects';
import type { ChatCompletionMessageParam, ChatCompletionMessageToolCall } from 'openai/resources/chat/completions';
import type { Losses } from '../losses.js';
import { extras } from './content-out.js';
import type { ServerManner } from './server-manner.js';

interface AssistantParts {
  readonly texts: object[];
  readonly calls: object[];
  readonly annotations: object[];
  refusal?: string;
  function_call?: object;
}

function placeText(block: TextBlock, parts: AssistantParts, losses: Losses): void {
  parts.texts.push({ type: 'text', text: block.text, ...extras(block, losses) });
  const { known, lost } = openaiAnnotations(block);
  if (lost) losses.drop('messages.annotations');
  parts.annotations.push(...known);
}

function toolCall(block: ToolCallBlock, losses: Losses): ChatCompletionMessageToolCall {
  extras(block, losses);
  return { id: block.id, type: 'function', function: { name: block.name, arguments: block.arguments || '{}' } };
}

function placeCall(block: ToolCallBlock, parts: AssistantParts, losses: Losses): void {
  if (block.vendor?.openai?.['function_call']) parts.function_call = { name: block.name, arguments: block.arguments };
  else parts.calls.push(toolCall(block, losses));
}

function placeRefusal({ text, vendor }: RefusalBlock, parts: AssistantParts): void {
  if (vendor?.openai?.['part']) parts.texts.push({ type: 'refusal', refusal: text });
  else parts.refusal = text;
}

/** Puts one block of an assistant’s message in its place. */
function place(block: Block, parts: AssistantParts, losses: Losses): void {
  switch (block.type) {
    case 'text':
      placeText(block, parts, losses);
      break;
    case 'refusal':
      placeRefusal(block, parts);
      break;
    case 'tool_call':
      placeCall(block, parts, losses);
      break;
    case 'reasoning':
      break;
    case 'vendor':
      if (block.vendor !== 'openai') losses.refuse(`content.${String(block.value['type'])}`);
      parts.calls.push(block.value);
      break;
    default:
      losses.refuse(`content.${block.type}`, 'an assistant’s message cannot hold it');
  }
}

/** Null where there is none, a bare string for a lone plain text. */
function assistantContent(texts: readonly object[]): string | readonly object[] | null {
  const [first, second] = texts;
  if (!first) return null;
  return !second && 'text' in first && !('prompt_cache_breakpoint' in first) ? String(first.text) : texts;
}

/** The names that thoughts have among servers of this dialect. */
const thoughtFields = ['reasoning_content', 'reasoning', 'reasoning_details'] as const;

/** OpenAI takes no thoughts back; others get theirs as they gave them, and need them while tools are called. */
function thoughts({ vendor, content }: Message, { isOpenAi }: ServerManner, losses: Losses): object {
  const blocks = content.filter((block) => block.type === 'reasoning');
  if (blocks.length === 0) return {};
  const given = thoughtFields.filter((field) => vendor?.openai?.[field] !== undefined);
  if (!isOpenAi && given.length > 0) return Object.fromEntries(given.map((field) => [field, vendor?.openai?.[field]]));
  // What is signed is for the one who signed it.
  const unsigned = blocks.filter(({ signature, redacted }) => !signature && redacted === undefined);
  if (isOpenAi || unsigned.length < blocks.length) losses.drop('reasoning');
  const text = unsigned.map((block) => block.text).join('');
  return isOpenAi || text === '' ? {} : { reasoning_content: text };
}

/** An assistant’s message: texts, thoughts and calls have places of their own here. */
export function assistantMessage(message: Message, manner: ServerManner, losses: Losses): ChatCompletionMessageParam {
  const parts: AssistantParts = { texts: [], calls: [], annotations: [] };
  for (const block of message.content) place(block, parts, losses);
  const { texts, calls, annotations, ...rest } = parts;
  const { audio } = message.vendor?.openai ?? {};
  return {
    role: 'assistant',
    content: assistantContent(texts),
    ...rest,
    ...thoughts(message, manner, losses),
    ...(annotations.length > 0 && { annotations }),
    tool_calls: calls.length > 0 ? calls : undefined,
    name: message.name,
    audio,
  } as ChatCompletionMessageParam;
}
