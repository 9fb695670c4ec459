import type { Message, ToolResultBlock } from '@parley/contracts';
import type { ChatCompletionContentPart, ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import type { Losses } from '../losses.js';
import { assistantMessage } from './assistant-out.js';
import { contentParts, extras, written } from './content-out.js';
import type { ServerManner } from './server-manner.js';

type Part = ChatCompletionContentPart;

interface ResultMessages {
  readonly messages: ChatCompletionMessageParam[];
  /** What is no text in them, for the message of the user after them. */
  readonly attachments: Part[];
}

/** The result of a tool can only be text here: what else it has is attached to what the user says next. */
function toolMessage(block: ToolResultBlock, { messages, attachments }: ResultMessages, losses: Losses): void {
  extras(block, losses);
  if (block.is_error) losses.drop('tool_result.is_error');
  const parts = contentParts(block.content, losses);
  const others = parts.filter(({ type }) => type !== 'text');
  const texts = parts.filter(({ type }) => type === 'text');
  if (others.length > 0) attachments.push({ type: 'text', text: `Of the result of ${block.call_id}:` }, ...others);
  const content = texts.length === 0 && others.length > 0 ? 'See the attachment.' : (written(texts) as string);
  const name = block.vendor?.openai?.['function_name'];
  messages.push(
    typeof name === 'string'
      ? { role: 'function', name, content }
      : { role: 'tool', tool_call_id: block.call_id, content },
  );
}

/** One turn of ours may be several messages here: each result of a tool is one of its own, before what the user says. */
export function toOpenAiMessages(message: Message, manner: ServerManner, losses: Losses): ChatCompletionMessageParam[] {
  if (message.role === 'assistant') return [assistantMessage(message, manner, losses)];
  const results = message.content.filter((block) => block.type === 'tool_result');
  const rest = results.length === 0 ? message.content : message.content.filter((block) => block.type !== 'tool_result');
  const told: ResultMessages = { messages: [], attachments: [] };
  for (const block of results) toolMessage(block, told, losses);
  const parts = [...told.attachments, ...contentParts(rest, losses)];
  if (parts.length > 0 || results.length === 0) {
    told.messages.push({
      // The older name of the same is what every server knows.
      role: message.role === 'developer' && !manner.isOpenAi ? 'system' : message.role,
      content: written(parts) as string,
      ...(message.name !== undefined && { name: message.name }),
    });
  }
  return told.messages;
}
