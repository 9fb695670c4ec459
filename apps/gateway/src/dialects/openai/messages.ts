import type { Block, Message, TextBlock, ToolResultBlock, VendorBag } from '@parley/contracts';
import type { ChatContentPart, ChatMessage, ChatMessageOf } from './message.schema.js';

/** `data:` URLs (RFC 2397) in the one form that images and files have. */
const dataUrl = /^data:([^;,]+);base64,/;

type Source = { kind: 'base64'; media_type: string; data: string } | { kind: 'url'; url: string };

function source(url: string): Source {
  // Only the head is matched: the rest may be megabytes.
  const head = url.startsWith('data:') ? dataUrl.exec(url.slice(0, 200)) : null;
  return head?.[1] ? { kind: 'base64', media_type: head[1], data: url.slice(head[0].length) } : { kind: 'url', url };
}

/** The cache mark of a part, and how OpenAI wrote it. */
export const cacheMarks = (part: ChatContentPart): { cache?: TextBlock['cache']; vendor?: VendorBag } => {
  const mark = 'prompt_cache_breakpoint' in part ? part.prompt_cache_breakpoint : undefined;
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

function* reasoning(message: ChatMessageOf<'assistant'>): Generator<Block> {
  if (!message.reasoning_details) {
    if (message.reasoning_content) yield { type: 'reasoning', text: message.reasoning_content };
    return;
  }
  for (const detail of message.reasoning_details) {
    if (detail.type === 'reasoning.encrypted') yield { type: 'reasoning', text: '', redacted: detail.data };
    else yield { type: 'reasoning', text: detail.text, ...(detail.signature && { signature: detail.signature }) };
  }
}

function* assistantBlocks(message: ChatMessageOf<'assistant'>): Generator<Block> {
  yield* reasoning(message);
  yield* blocks(message.content);
  if (typeof message.refusal === 'string') yield { type: 'refusal', text: message.refusal };
  for (const call of message.tool_calls ?? []) {
    if (call.type === 'custom') yield { type: 'vendor', vendor: 'openai', value: call };
    else yield { type: 'tool_call', id: call.id, ...call.function };
  }
  const legacy = message.function_call;
  if (legacy) yield { type: 'tool_call', id: legacy.name, ...legacy, vendor: { openai: { function_call: true } } };
}

const assistant = (message: ChatMessageOf<'assistant'>): Message => ({
  role: 'assistant',
  content: [...assistantBlocks(message)],
  ...(message.name !== undefined && { name: message.name }),
  ...(message.audio && { vendor: { openai: { audio: message.audio } } }),
});

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
