import type { Block, Message, ReasoningBlock, TextBlock, ToolResultBlock, VendorBag } from '@parley/contracts';
import { fromReasoningDetail } from '@parley/llm';
import type { ChatContentPart, ChatMessage, ChatMessageOf } from './message.schema.js';

/** `data:` URLs (RFC 2397) in the one form that images and files have. */
const dataUrl = /^data:([^;,]+);base64,/;

type Source = { kind: 'base64'; media_type: string; data: string } | { kind: 'url'; url: string };

function source(url: string): Source {
  // Only the head is matched: the rest may be megabytes.
  const head = url.startsWith('data:') ? dataUrl.exec(url.slice(0, 200)) : null;
  return head?.[1] ? { kind: 'base64', media_type: head[1], data: url.slice(head[0].length) } : { kind: 'url', url };
}

/** A part that may end what is kept in the prompt cache. */
type Markable = Pick<Extract<ChatContentPart, { type: 'text' }>, 'prompt_cache_breakpoint'>;

/** The cache mark of a part, and how OpenAI wrote it. */
export const cacheMarks = ({
  prompt_cache_breakpoint: mark,
}: Markable): { cache?: TextBlock['cache']; vendor?: VendorBag } => {
  if (!mark) return {};
  return { cache: mark.ttl ? { ttl: mark.ttl } : {}, vendor: { openai: { prompt_cache_breakpoint: mark } } };
};

type FilePart = Extract<ChatContentPart, { type: 'file' }>;

/** A file that is neither an upload nor a data URL stays as it came, since nobody can say what it is. */
function file(part: FilePart): Block {
  const { file_data, file_id, filename: title } = part.file;
  const named = title !== undefined && { title };
  if (file_id !== undefined && file_data === undefined) {
    return { type: 'document', source: { kind: 'file', file_id }, ...named, ...cacheMarks(part) };
  }
  const data = file_id === undefined && file_data !== undefined ? source(file_data) : undefined;
  if (data?.kind !== 'base64') return { type: 'vendor', vendor: 'openai', value: part };
  return { type: 'document', source: data, ...named, ...cacheMarks(part) };
}

/** One part of a message. */
export function fromChatPart(part: ChatContentPart): Block {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text, ...cacheMarks(part) };
    case 'image_url': {
      const { url, detail } = part.image_url;
      return { type: 'image', source: source(url), ...(detail && { detail }), ...cacheMarks(part) };
    }
    case 'file':
      return file(part);
    case 'refusal':
      return { type: 'refusal', text: part.refusal, vendor: { openai: { part: true } } };
    case 'input_audio':
      return { type: 'vendor', vendor: 'openai', value: part };
  }
}

const blocks = (content: string | readonly ChatContentPart[] | null | undefined): Block[] => {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content?.map(fromChatPart) ?? [];
};

type Assistant = ChatMessageOf<'assistant'>;

/** The details have the whole of it. What was streamed may have come back in part only. */
function thoughts({ reasoning_details, reasoning_content, reasoning }: Assistant): ReasoningBlock[] {
  if (reasoning_details?.length) return reasoning_details.flatMap((detail) => fromReasoningDetail(detail) ?? []);
  const text = reasoning_content || reasoning;
  return text ? [{ type: 'reasoning', text }] : [];
}

/** Annotations are about the text as a whole, which an answer has in one piece. */
function annotated(texts: Block[], { annotations }: Assistant): Block[] {
  const [first, ...more] = texts;
  if (!annotations?.length || first?.type !== 'text') return texts;
  return [{ ...first, vendor: { ...first.vendor, openai: { ...first.vendor?.openai, annotations } } }, ...more];
}

function toolCallBlock(call: NonNullable<Assistant['tool_calls']>[number]): Block {
  if (call.type === 'custom') return { type: 'vendor', vendor: 'openai', value: call };
  const { name, arguments: text } = call.function;
  return { type: 'tool_call', id: call.id, name, arguments: text };
}

function legacyCall({ name, arguments: text }: NonNullable<Assistant['function_call']>): Block {
  return { type: 'tool_call', id: name, name, arguments: text, vendor: { openai: { function_call: true } } };
}

const assistantBlocks = (message: Assistant): Block[] => [
  ...thoughts(message),
  ...annotated(blocks(message.content), message),
  ...(typeof message.refusal === 'string' ? [{ type: 'refusal' as const, text: message.refusal }] : []),
  ...(message.tool_calls ?? []).map(toolCallBlock),
  ...(message.function_call ? [legacyCall(message.function_call)] : []),
];

/** What goes back as it came to a server of this dialect: the thoughts are in the content as well. */
function bagOf({ audio, reasoning_content, reasoning, reasoning_details }: Assistant): VendorBag | undefined {
  const given = Object.entries({ audio, reasoning_content, reasoning, reasoning_details }).filter(([, value]) => value);
  return given.length > 0 ? { openai: Object.fromEntries(given) } : undefined;
}

function assistant(message: Assistant): Message {
  const vendor = bagOf(message);
  return {
    role: 'assistant',
    content: assistantBlocks(message),
    ...(message.name !== undefined && { name: message.name }),
    ...(vendor && { vendor }),
  };
}

function toolResult(message: ChatMessageOf<'tool' | 'function'>): ToolResultBlock {
  const content = blocks(message.content) as ToolResultBlock['content'];
  if (message.role === 'tool') return { type: 'tool_result', call_id: message.tool_call_id, content };
  // The deprecated form: it answers the last call of that name.
  const { name } = message;
  return { type: 'tool_result', call_id: name, content, vendor: { openai: { function_name: name } } };
}

/** Results that follow each other answer calls of one turn, so that they make up one turn too. */
export function fromChatMessages(messages: readonly ChatMessage[]): Message[] {
  const turns: Message[] = [];
  let results: Block[] | undefined;
  for (const message of messages) {
    if (message.role === 'tool' || message.role === 'function') {
      if (!results) turns.push({ role: 'user', content: (results = []) });
      results.push(toolResult(message));
      continue;
    }
    results = undefined;
    if (message.role === 'assistant') turns.push(assistant(message));
    else {
      const { role, content, name } = message;
      turns.push({ role, content: blocks(content), ...(name !== undefined && { name }) });
    }
  }
  return turns;
}
