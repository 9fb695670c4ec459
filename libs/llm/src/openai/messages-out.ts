import type {
  Block,
  CacheMark,
  DocumentBlock,
  ImageBlock,
  Message,
  RefusalBlock,
  ToolCallBlock,
  ToolResultBlock,
  VendorBag,
} from '@parley/contracts';
import type {
  ChatCompletionContentPart,
  ChatCompletionMessageParam,
  ChatCompletionMessageToolCall,
} from 'openai/resources/chat/completions';
import type { Losses } from '../losses.js';
import { anthropicBlockFields } from './foreign-fields.js';

/**
 * OpenAI’s own breakpoints go back as they came. A mark of Anthropic’s is dropped: most servers of this dialect do not
 * know breakpoints, and OpenAI caches prefixes by itself.
 */
function extras(block: { cache?: CacheMark | undefined; vendor?: VendorBag | undefined }, losses: Losses): object {
  if (block.cache === undefined && block.vendor === undefined) return {};
  losses.judge(block.vendor, 'anthropic', anthropicBlockFields);
  const { prompt_cache_breakpoint } = block.vendor?.openai ?? {};
  if (prompt_cache_breakpoint !== undefined) return { prompt_cache_breakpoint };
  if (block.cache) losses.drop('cache_control');
  return {};
}

function image(block: ImageBlock, losses: Losses): ChatCompletionContentPart {
  const { source, detail } = block;
  if (source.kind === 'file') return losses.refuse('image.source.file_id');
  return {
    type: 'image_url',
    image_url: {
      url: source.kind === 'url' ? source.url : `data:${source.media_type};base64,${source.data}`,
      ...(detail !== undefined && { detail: detail as 'auto' }),
    },
    ...extras(block, losses),
  };
}

function document(block: DocumentBlock, losses: Losses): ChatCompletionContentPart[] {
  const { source, title } = block;
  const marks = extras(block, losses);
  const filename = title !== undefined && { filename: title };
  switch (source.kind) {
    case 'file':
      return [{ type: 'file', file: { file_id: source.file_id, ...filename }, ...marks }];
    case 'base64':
      return [
        { type: 'file', file: { file_data: `data:${source.media_type};base64,${source.data}`, ...filename }, ...marks },
      ];
    case 'text':
      return [{ type: 'text', text: title === undefined ? source.text : `${title}\n\n${source.text}` }];
    case 'blocks':
      return source.content.flatMap((part) => contentPart(part, losses));
    case 'url':
      return losses.refuse('document.source.url');
  }
}

/** One part of a user’s or an instruction’s content. */
function contentPart(block: Block, losses: Losses): ChatCompletionContentPart[] {
  switch (block.type) {
    case 'text':
      return [{ type: 'text', text: block.text, ...extras(block, losses) }];
    case 'image':
      return [image(block, losses)];
    case 'document':
      return document(block, losses);
    case 'vendor':
      if (block.vendor !== 'openai') return losses.refuse(`content.${String(block.value['type'])}`);
      return [block.value as unknown as ChatCompletionContentPart];
    default:
      return losses.refuse(`content.${block.type}`, 'it stands in a message of the wrong role');
  }
}

/** A lone plain text is written as a bare string, which every server of this dialect takes. */
function content(blocks: readonly Block[], losses: Losses): string | ChatCompletionContentPart[] {
  const parts = blocks.flatMap((block) => contentPart(block, losses));
  const [only] = parts;
  return parts.length === 1 && only?.type === 'text' && !('prompt_cache_breakpoint' in only) ? only.text : parts;
}

function toolMessage(block: ToolResultBlock, losses: Losses): ChatCompletionMessageParam {
  extras(block, losses);
  if (block.is_error) losses.drop('tool_result.is_error');
  const name = block.vendor?.openai?.['function_name'];
  const text = content(block.content, losses);
  if (typeof name === 'string') return { role: 'function', name, content: text as string };
  if (typeof text !== 'string' && text.some((part) => part.type !== 'text')) {
    losses.refuse('tool_result.content', 'the result of a tool can only be text');
  }
  return { role: 'tool', tool_call_id: block.call_id, content: text as string };
}

function toolCall(block: ToolCallBlock, losses: Losses): ChatCompletionMessageToolCall {
  extras(block, losses);
  return { id: block.id, type: 'function', function: { name: block.name, arguments: block.arguments } };
}

interface AssistantParts {
  readonly texts: object[];
  readonly calls: object[];
  refusal?: string;
  function_call?: object;
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
      parts.texts.push({ type: 'text', text: block.text, ...extras(block, losses) });
      break;
    case 'refusal':
      placeRefusal(block, parts);
      break;
    case 'tool_call':
      placeCall(block, parts, losses);
      break;
    case 'reasoning':
      // OpenAI's chat completions do not take thoughts back.
      losses.drop('reasoning');
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

function assistant(message: Message, losses: Losses): ChatCompletionMessageParam {
  const parts: AssistantParts = { texts: [], calls: [] };
  for (const block of message.content) place(block, parts, losses);
  const { texts, calls, ...rest } = parts;
  return {
    role: 'assistant',
    content: assistantContent(texts),
    ...rest,
    tool_calls: calls.length > 0 ? calls : undefined,
    name: message.name,
    ...message.vendor?.openai,
  } as ChatCompletionMessageParam;
}

/** One turn of ours may be several messages here: each result of a tool is one of its own, before what the user says. */
export function toOpenAiMessages(message: Message, losses: Losses): ChatCompletionMessageParam[] {
  if (message.role === 'assistant') return [assistant(message, losses)];
  const results = message.content.filter((block) => block.type === 'tool_result');
  const rest = results.length === 0 ? message.content : message.content.filter((block) => block.type !== 'tool_result');
  const messages = results.map((block) => toolMessage(block, losses));
  if (rest.length > 0 || results.length === 0) {
    messages.push({
      role: message.role,
      content: content(rest, losses) as string,
      ...(message.name !== undefined && { name: message.name }),
    });
  }
  return messages;
}
