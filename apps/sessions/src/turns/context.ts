import {
  summaryMessage,
  type Block,
  type ContextCut,
  type ContextPart,
  type ContextPolicy,
  type Message,
  type OpenedTurn,
} from '@parley/contracts';
import { toMessage, type StoredMessage } from '../messages/message.js';
import type { Summary } from '../summaries/summary.js';

/** What a turn is to be given. */
export interface Said {
  /** The conversation, the turn's input at its end. */
  readonly conversation: readonly StoredMessage[];
  readonly turnId: string;
  /** Of the project. */
  readonly instructions: string | null;
  readonly policy: ContextPolicy;
  /** To be given in place of what it stands for. */
  readonly summary?: Summary | undefined;
}

/** The conversation, and what is to become of it where it is too long. */
export type Context = Required<Pick<OpenedTurn, 'context' | 'window'>>;
type Part = ContextPart & { readonly message: Message };

/**
 * The conversation as a model is given it. The project's instructions stand at the front, then those of the session that
 * were given last, which replace those given before them; what cannot be said to a model is left out.
 */
export function contextOf(said: Said): Context {
  const others = said.conversation.filter((message) => !isInstruction(message));
  const results = new Set(others.flatMap(({ body }) => body.content.flatMap(answeredCall)));
  const after = said.summary && behind(others, said.summary);
  const given = (after ?? others)
    .map((message) => withoutLooseEnds(message, results))
    .map((message) => partOf(message, message.turnId === said.turnId ? 'input' : 'history'));
  const summary = said.summary && after ? [unstored('summary', summaryMessage(said.summary.text))] : [];
  const parts = [...instructionsOf(said), ...summary, ...given.filter(({ message }) => message.content.length > 0)];
  return { context: parts.map(({ message }) => message), window: windowOf(said, parts) };
}

/** Who refuses what is too long needs to know nothing of its parts. */
function windowOf({ policy, summary }: Said, parts: readonly Part[]): Context['window'] {
  if (policy.kind === 'refuse') return { policy, parts: [] };
  return {
    policy,
    parts: parts.map(({ message: _, ...part }) => part),
    ...(summary && parts.some(({ kind }) => kind === 'summary') && { cut: cutOf(summary, parts) }),
  };
}

const cutOf = ({ messages, model }: Summary, parts: readonly Part[]): ContextCut => ({
  kind: 'summarised',
  messages,
  model,
  from_message_id: parts.find(({ kind }) => kind === 'history' || kind === 'input')?.message_id ?? null,
});

function instructionsOf({ conversation, instructions }: Said): Part[] {
  const own = lastInstructions(conversation).filter(({ body }) => body.content.length > 0);
  const ofProject: Message[] =
    instructions === null ? [] : [{ role: 'system', content: [{ type: 'text', text: instructions }] }];
  return [
    ...ofProject.map((message) => unstored('instructions', message)),
    ...own.map((message) => partOf(message, 'instructions')),
  ];
}

const unstored = (kind: 'instructions' | 'summary', message: Message): Part => ({
  kind,
  message_id: null,
  turn_id: null,
  message,
});
const partOf = (stored: StoredMessage, kind: Part['kind']): Part => ({
  kind,
  message_id: stored.id,
  turn_id: stored.turnId,
  message: toMessage(stored),
});

/** What the summary does not stand for; undefined where a result would be left without the call of its tool. */
function behind(messages: readonly StoredMessage[], { untilMessageId }: Summary): StoredMessage[] | undefined {
  const until = messages.findIndex(({ id }) => id === untilMessageId);
  const rest = messages.slice(until + 1);
  const calls = new Set(
    messages.slice(0, until + 1).flatMap(({ body }) => body.content.flatMap((block) => callOf(block))),
  );
  const loose = rest.some(({ body }) => body.content.flatMap(answeredCall).some((id) => calls.has(id)));
  return until < 0 || loose ? undefined : rest;
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
const callOf = (block: Block): string[] => (block.type === 'tool_call' ? [block.id] : []);

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
