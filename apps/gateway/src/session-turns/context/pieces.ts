import type { Block, ContextPart, Message } from '@parley/contracts';
import { estimateInput } from '@parley/llm';

/** A message of a conversation, what it is there, and what it is estimated to take. */
export type Piece = ContextPart & { readonly message: Message; readonly tokens: number };

/** Each message with its part; what has none is given in any case. */
export const piecesOf = (messages: readonly Message[], parts: readonly ContextPart[]): Piece[] =>
  messages.map((message, index) => ({
    ...(parts[index] ?? { kind: 'instructions', message_id: null, turn_id: null }),
    message,
    tokens: estimateInput({ messages: [message] }),
  }));

export const tokensOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, { tokens }) => sum + tokens, 0);

const callsIn = ({ message }: Piece): string[] =>
  message.content.flatMap((block: Block) => (block.type === 'tool_call' ? [block.id] : []));
const resultsIn = ({ message }: Piece): string[] =>
  message.content.flatMap((block: Block) => (block.type === 'tool_result' ? [block.call_id] : []));

/** What somebody asks, and not what a tool answers; several messages of one turn that ask are one question. */
function startsExchange(piece: Piece, before: Piece | undefined): boolean {
  if (piece.message.role !== 'user') return false;
  return before?.message.role !== 'user' || before.kind === 'summary' || before.turn_id !== piece.turn_id;
}

/**
 * Where a conversation, instructions aside, may begin instead, ascending: with a whole exchange or with the turn's input,
 * and never between a tool's call and its result.
 */
export function cutsOf(said: readonly Piece[]): number[] {
  const calls = new Set(said.flatMap(callsIn));
  /** Results whose calls are still to come on the way back. */
  const open = new Set<string>();
  const cuts: number[] = [];
  for (const [index, piece] of [...said.entries()].reverse()) {
    for (const id of callsIn(piece)) open.delete(id);
    for (const id of resultsIn(piece)) if (calls.has(id)) open.add(id);
    if (index > 0 && open.size === 0 && startsExchange(piece, said[index - 1])) cuts.unshift(index);
  }
  const input = said.findIndex(({ kind }) => kind === 'input');
  return input < 0 ? cuts : cuts.filter((cut) => cut <= input);
}
