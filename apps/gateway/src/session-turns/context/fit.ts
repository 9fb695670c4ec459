import type { ContextPolicy } from '@parley/contracts';
import { cutsOf, tokensOf, type Piece } from './pieces.js';

/** What a summary may come to: an eighth of the window, and never more than this. */
const maxSummaryTokens = 4_096;

/** Too long even without all that may be left out. */
interface Exceeded {
  readonly kind: 'exceeded';
  /** At least so many. */
  readonly tokens: number;
}

interface Drop {
  readonly kind: 'drop';
  readonly left: readonly Piece[];
  readonly kept: readonly Piece[];
}

/** `old` is to become a summary of at most `room` tokens, between the instructions and what is recent. */
export interface Summarise {
  readonly kind: 'summarise';
  readonly model: string;
  readonly instructions: readonly Piece[];
  readonly old: readonly Piece[];
  readonly recent: readonly Piece[];
  readonly room: number;
}

/** What is to become of a conversation. */
export type Fit = { readonly kind: 'whole' } | Exceeded | Drop | Summarise;

/** Tokens that everything may come to, and those that are sent beside the conversation. */
export interface Window {
  readonly limit: number;
  readonly besides: number;
}

/** A conversation without its instructions, and where it may begin instead: with what that would come to. */
interface Said {
  readonly total: number;
  readonly instructions: readonly Piece[];
  readonly messages: readonly Piece[];
  readonly cuts: readonly { readonly at: number; readonly tokens: number }[];
}

/** By the session's policy; instructions and the turn's input are kept in any case. */
export function fit(pieces: readonly Piece[], policy: ContextPolicy, { limit, besides }: Window): Fit {
  const total = tokensOf(pieces) + besides;
  if (total <= limit) return { kind: 'whole' };
  if (policy.kind === 'refuse') return { kind: 'exceeded', tokens: total };
  const instructions = pieces.filter(({ kind }) => kind === 'instructions');
  const messages = pieces.filter(({ kind }) => kind !== 'instructions');
  const fixed = tokensOf(instructions) + besides;
  const cuts = cutsOf(messages).map((at) => ({ at, tokens: fixed + tokensOf(messages.slice(at)) }));
  const said = { total, instructions, messages, cuts };
  return policy.kind === 'drop_oldest' ? drop(said, limit) : summarise(said, limit, policy.model);
}

function drop({ total, instructions, messages, cuts }: Said, limit: number): Fit {
  const cut = cuts.find(({ tokens }) => tokens <= limit);
  if (!cut) return { kind: 'exceeded', tokens: cuts.at(-1)?.tokens ?? total };
  return { kind: 'drop', left: messages.slice(0, cut.at), kept: [...instructions, ...messages.slice(cut.at)] };
}

function summarise({ total, instructions, messages, cuts }: Said, limit: number, model: string): Fit {
  const room = Math.min(maxSummaryTokens, Math.ceil(limit / 8));
  // Of a summary alone none is made.
  const useful = cuts.filter(({ at }) => messages[at - 1]?.kind === 'history');
  // Half of the window stays free, so that not every turn that follows has to make one.
  const cut = useful.find(({ tokens }) => tokens + room <= limit / 2) ?? useful.at(-1);
  if (!cut || cut.tokens + room > limit) return { kind: 'exceeded', tokens: cut ? cut.tokens + room : total };
  return {
    kind: 'summarise',
    model,
    instructions,
    old: messages.slice(0, cut.at),
    recent: messages.slice(cut.at),
    room,
  };
}
