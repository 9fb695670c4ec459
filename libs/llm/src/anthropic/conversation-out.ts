import type { MessageCreateParamsBase, MessageParam, TextBlockParam } from '@anthropic-ai/sdk/resources/messages';
import type { Message } from '@parley/contracts';
import type { Losses } from '../losses.js';
import { toAnthropicContent } from './blocks-out.js';
import { openaiMessageFields } from './foreign-fields.js';

const isInstruction = ({ role }: Message): boolean => role === 'system' || role === 'developer';

/** An instruction before the first turn, unless its Anthropic client had put it among them. */
const isLeading = (message: Message): boolean => isInstruction(message) && !message.vendor?.anthropic?.['in_turn'];

type Content = string | TextBlockParam[];

const contentOf = (message: Message, losses: Losses): Content => toAnthropicContent(message.content, losses) as Content;

/** Undefined for a message that says nothing, which Anthropic would refuse. */
function turn(message: Message, losses: Losses): MessageParam | undefined {
  if (message.name !== undefined) losses.drop('messages.name');
  losses.judge(message.vendor, 'openai', openaiMessageFields, 'messages.');
  const content = contentOf(message, losses);
  if (content.length === 0) return undefined;
  return { role: isInstruction(message) ? 'system' : message.role, content } as MessageParam;
}

/** One instruction is written as it is, several become the blocks of one. */
function system(leading: readonly Message[], losses: Losses): Content | undefined {
  if (leading.length === 0) return undefined;
  if (leading.some(({ name }) => name !== undefined)) losses.drop('messages.name');
  const contents = leading.map((message) => contentOf(message, losses));
  const [only] = contents;
  if (contents.length === 1) return only;
  return contents.flatMap((content) => (typeof content === 'string' ? [{ type: 'text', text: content }] : content));
}

/** Instructions before the first turn are Anthropic’s `system`; later ones stay where they are. */
export function toAnthropicConversation(
  messages: readonly Message[],
  losses: Losses,
): Pick<MessageCreateParamsBase, 'messages'> & { system: Content | undefined } {
  const first = messages.findIndex((message) => !isLeading(message));
  const turns = first < 0 ? messages.length : first;
  return {
    system: system(messages.slice(0, turns), losses),
    messages: messages.slice(turns).flatMap((message) => turn(message, losses) ?? []),
  };
}
