import type { Block, Message } from '@parley/contracts';
import { toMessage, type StoredMessage } from '../messages/message.js';

/**
 * The conversation as a model is given it. The project's instructions stand at the front, then those of the session that
 * were given last, which replace those given before them; what cannot be said to a model is left out.
 */
export function contextOf(conversation: readonly StoredMessage[], ofProject: string | null): Message[] {
  const first: Message[] = ofProject === null ? [] : [{ role: 'system', content: [{ type: 'text', text: ofProject }] }];
  return [...first, ...ofSession(conversation)];
}

function ofSession(conversation: readonly StoredMessage[]): Message[] {
  const instructions = lastInstructions(conversation);
  const others = conversation.filter((message) => !isInstruction(message));
  const results = new Set(others.flatMap(({ body }) => body.content.flatMap(answeredCall)));
  return [...instructions, ...others.map((message) => withoutLooseEnds(message, results))]
    .filter(({ body }) => body.content.length > 0)
    .map(toMessage);
}

const isInstruction = ({ role }: StoredMessage): boolean => role === 'system' || role === 'developer';

/** What was given together: in one turn, or in one message by itself. */
function lastInstructions(conversation: readonly StoredMessage[]): StoredMessage[] {
  const last = conversation.findLast(isInstruction);
  if (!last) return [];
  if (last.turnId === null) return [last];
  return conversation.filter((message) => isInstruction(message) && message.turnId === last.turnId);
}

const answeredCall = (block: Block): string[] => (block.type === 'tool_result' ? [block.call_id] : []);

/** An answer that broke off may end in half a thought or in a call that nobody ran; providers refuse either. */
function withoutLooseEnds(message: StoredMessage, results: ReadonlySet<string>): StoredMessage {
  if (message.status === 'complete') return message;
  const content = message.body.content.filter((block) => standsByItself(block, results));
  const speaks = content.some(({ type }) => type !== 'reasoning');
  return { ...message, body: { ...message.body, content: speaks ? content : [] } };
}

function standsByItself(block: Block, results: ReadonlySet<string>): boolean {
  switch (block.type) {
    case 'tool_call':
      return results.has(block.id);
    case 'reasoning':
      return block.signature !== undefined || block.redacted !== undefined;
    case 'text':
      return block.text !== '';
    case 'vendor':
      return false;
    default:
      return true;
  }
}
