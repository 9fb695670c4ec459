import { describe, expect, it } from '@jest/globals';
import type { Block, ContextPart, ContextPolicy, Message } from '@parley/contracts';
import { estimateInput } from '@parley/llm';
import fc from 'fast-check';
import { fit, type Fit } from './fit.js';
import { cutsOf, piecesOf, tokensOf, type Piece } from './pieces.js';

const text = (words: string): Block => ({ type: 'text', text: words });
const drop: ContextPolicy = { kind: 'drop_oldest' };
const summarise: ContextPolicy = { kind: 'summarise', model: 'summariser' };

interface Exchange {
  readonly asked: readonly string[];
  /** Each a call of a tool, what it answers, and what somebody may say before it does. */
  readonly tools: readonly { readonly words: string; readonly id: string; readonly meanwhile: string | null }[];
  readonly said: string;
}

const words = fc.integer({ min: 0, max: 400 }).map((length) => 'x'.repeat(length));
const exchange: fc.Arbitrary<Exchange> = fc.record({
  asked: fc.array(words, { minLength: 1, maxLength: 2 }),
  // Few ids, as servers give that count their calls anew in each answer.
  tools: fc.array(fc.record({ words, id: fc.constantFrom('a', 'b', 'c'), meanwhile: fc.option(words) }), {
    maxLength: 2,
  }),
  said: words,
});

const user = (...content: Block[]): Message => ({ role: 'user', content });
const assistant = (...content: Block[]): Message => ({ role: 'assistant', content });

const messagesOf = ({ asked, tools, said }: Exchange): Message[] => [
  ...asked.map((one) => user(text(one))),
  ...tools.flatMap(({ id, words: answer, meanwhile }) => [
    assistant({ type: 'tool_call', id, name: 'look', arguments: answer }),
    ...(meanwhile === null ? [] : [user(text(meanwhile)), assistant(text('One moment.'))]),
    user({ type: 'tool_result', call_id: id, content: [{ type: 'text', text: answer }] }),
  ]),
  assistant(text(said)),
];

interface Conversation {
  readonly instructions: readonly string[];
  readonly summary: string | null;
  readonly exchanges: readonly Exchange[];
  /** What was asked, and what else was said before it. */
  readonly input: readonly string[];
  /** The input is the result of a tool that the last answer called. */
  readonly resumes: boolean;
}

const conversation: fc.Arbitrary<Conversation> = fc.record({
  instructions: fc.array(words, { maxLength: 2 }),
  summary: fc.option(words),
  exchanges: fc.array(exchange, { maxLength: 8 }),
  input: fc.array(words, { minLength: 1, maxLength: 3 }),
  resumes: fc.boolean(),
});

function piecesIn({ instructions, summary, exchanges, input, resumes }: Conversation): Piece[] {
  const parts: { message: Message; part: ContextPart }[] = [];
  const add = (kind: ContextPart['kind'], message: Message, turn_id: string | null = null) =>
    parts.push({ message, part: { kind, message_id: String(parts.length), turn_id } });
  for (const one of instructions) add('instructions', { role: 'system', content: [text(one)] });
  if (summary !== null) add('summary', user(text(summary)));
  for (const [turn, one] of exchanges.entries())
    for (const message of messagesOf(one)) add('history', message, String(turn));
  if (resumes) {
    add('history', assistant({ type: 'tool_call', id: 'last', name: 'look', arguments: '{}' }), 'last');
    add('input', user({ type: 'tool_result', call_id: 'last', content: [] }), 'this');
  }
  for (const [index, one] of input.entries())
    add('input', index % 2 === (resumes ? 1 : 0) ? user(text(one)) : assistant(text(one)), 'this');
  return piecesOf(
    parts.map(({ message }) => message),
    parts.map(({ part }) => part),
  );
}

/** What is left of the conversation as it is. */
function keptOf(found: Fit, pieces: readonly Piece[]): readonly Piece[] {
  switch (found.kind) {
    case 'drop':
      return found.kept;
    case 'summarise':
      return [...found.instructions, ...found.recent];
    default:
      return pieces;
  }
}

const limits = fc.record({ limit: fc.integer({ min: 1, max: 1_500 }), besides: fc.integer({ min: 0, max: 100 }) });
const policies = fc.constantFrom(drop, summarise);

/** Holds of every conversation, policy and window. */
const always = (check: (pieces: Piece[], found: Fit, limit: number, besides: number) => void) =>
  fc.assert(
    fc.property(conversation, policies, limits, (said, policy, window) => {
      const pieces = piecesIn(said);
      check(pieces, fit(pieces, policy, window), window.limit, window.besides);
    }),
    { numRuns: 300 },
  );

const callsIn = (pieces: readonly Piece[]) =>
  pieces.flatMap(({ message }) => message.content.flatMap((block) => (block.type === 'tool_call' ? [block.id] : [])));

describe('a conversation that is made to fit', () => {
  it('keeps instructions and the turn’s input, and the end of what was said, in order', () => {
    always((pieces, found) => {
      const kept = keptOf(found, pieces);
      const always = pieces.filter(({ kind }) => kind === 'instructions' || kind === 'input');
      expect(kept.filter((piece) => always.includes(piece))).toEqual(always);
      const said = pieces.filter(({ kind }) => kind !== 'instructions');
      const rest = kept.filter(({ kind }) => kind !== 'instructions');
      expect(rest).toEqual(said.slice(said.length - rest.length));
    });
  });

  it('begins with a whole exchange', () => {
    always((pieces, found) => {
      if (found.kind !== 'drop' && found.kind !== 'summarise') return;
      const [first] = keptOf(found, pieces).filter(({ kind }) => kind !== 'instructions');
      const before = pieces[pieces.indexOf(first as Piece) - 1];
      expect(first?.message.role).toBe('user');
      expect(before?.message.role === 'user' && before.kind !== 'summary' && before.turn_id === first?.turn_id).toBe(
        false,
      );
    });
  });

  it('never has the result of a tool without its call', () => {
    always((pieces, found) => {
      const kept = keptOf(found, pieces);
      for (const [index, { message }] of kept.entries())
        for (const block of message.content)
          if (block.type === 'tool_result') expect(callsIn(kept.slice(0, index))).toContain(block.call_id);
    });
  });

  it('fits the window, with the summary that is still to come and what is sent beside it', () => {
    always((pieces, found, limit, besides) => {
      if (found.kind === 'exceeded') return;
      const room = found.kind === 'summarise' ? found.room : 0;
      const messages = keptOf(found, pieces).map(({ message }) => message);
      expect(estimateInput({ messages }) + room + besides).toBeLessThanOrEqual(limit);
    });
  });

  it('is left as it is where it fits, and is refused only where what cannot be left out is too long', () => {
    always((pieces, found, limit, besides) => {
      const total = tokensOf(pieces) + besides;
      expect(found.kind === 'whole').toBe(total <= limit);
      if (found.kind !== 'exceeded') return;
      expect(found.tokens).toBeGreaterThan(limit);
      const said = pieces.filter(({ kind }) => kind !== 'instructions');
      const least = tokensOf(said.slice(cutsOf(said).at(-1) ?? 0)) + total - tokensOf(said);
      expect(least + Math.ceil(limit / 8)).toBeGreaterThan(limit);
    });
  });

  it('loses no exchange that would have had room', () => {
    always((pieces, found, limit, besides) => {
      if (found.kind !== 'drop') return;
      const said = pieces.filter(({ kind }) => kind !== 'instructions');
      const instructions = tokensOf(pieces) - tokensOf(said);
      for (const cut of cutsOf(said).filter((at) => at < found.left.length))
        expect(instructions + besides + tokensOf(said.slice(cut))).toBeGreaterThan(limit);
    });
  });

  it('is summarised with the summary that it had, and leaves half of the window free where that can be', () => {
    always((pieces, found, limit, besides) => {
      if (found.kind !== 'summarise') return;
      expect(found.old.some(({ kind }) => kind === 'history')).toBe(true);
      const summaries = pieces.filter(({ kind }) => kind === 'summary');
      expect(found.old.filter(({ kind }) => kind === 'summary')).toEqual(summaries);
      const said = pieces.filter(({ kind }) => kind !== 'instructions');
      const last = found.old.length === cutsOf(said).at(-1);
      const filled = tokensOf([...found.instructions, ...found.recent]) + found.room + besides;
      expect(last || filled <= limit / 2).toBe(true);
    });
  });
});

it('a session that refuses leaves nothing out, and says how long the conversation is', () => {
  const pieces = piecesOf([user(text('x'.repeat(400))), user(text('y'.repeat(40)))], []);
  expect(fit(pieces, { kind: 'refuse' }, { limit: 100, besides: 5 })).toEqual({ kind: 'exceeded', tokens: 115 });
  expect(fit(pieces, { kind: 'refuse' }, { limit: 115, besides: 5 })).toEqual({ kind: 'whole' });
});

it('calls that have the same id in each answer keep apart exchanges that are whole', () => {
  const one = { asked: ['?'], tools: [{ id: 'call_0', words: 'x'.repeat(40), meanwhile: null }], said: '!' };
  const said = piecesIn({ instructions: [], summary: null, exchanges: [one, one], input: ['?'], resumes: false });
  expect(cutsOf(said)).toEqual([4, 8]);
});
