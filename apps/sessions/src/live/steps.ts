import type { Block, StreamEvent } from '@parley/contracts';
import type { AnswerView, Ending, LiveTurn } from './answer-view.js';
import { beginningOf, endOf, grows, moreOf, wordsOf } from './block-parts.js';
import { isBefore, theEnd, turnTold, type Place } from './place.js';

/** What comes next in an answer, and the place behind it. */
export type Step = { readonly to: Place } & (
  | { readonly kind: 'turn' }
  | { readonly kind: 'events'; readonly events: readonly StreamEvent[] }
  | { readonly kind: 'end'; readonly ending: Ending }
);

/** Of a text, told at once: a long answer that is there already comes in pieces. */
const maxText = 65_536;

const firstBlock: Place = { block: 0, offset: -1 };

/**
 * The next step of an answer behind a place; undefined where nothing more has come. The steps are the same whatever the
 * answer is known from, but for where a text is cut: no cut lies across `bound`, as a reader may have left there.
 */
export function nextStep(turn: LiveTurn, answer: AnswerView, from: Place, bound: Place): Step | undefined {
  if (isBefore(from, turnTold)) return { kind: 'turn', to: turnTold };
  if (from.block === theEnd.block) return undefined;
  if (from.block < 0 && hasBegun(answer)) return start(turn, answer);
  const block = answer.blocks[from.block];
  if (block) return stepIn(block, answer, from, bound);
  return answer.ending && { kind: 'end', ending: answer.ending, to: theEnd };
}

/** With its first block, so that of an answer of which nothing is kept nothing is told. */
const hasBegun = ({ blocks, ending }: AnswerView): boolean => blocks.length > 0 || ending?.kind === 'whole';

const start = (turn: LiveTurn, { model }: AnswerView): Step => ({
  kind: 'events',
  to: firstBlock,
  events: [
    {
      type: 'start',
      id: turn.id,
      model: model ?? turn.model,
      created: Math.floor(turn.openedAt.getTime() / 1_000),
      dropped: [],
    },
  ],
});

function stepIn(block: Block, { whole, ending }: AnswerView, from: Place, bound: Place): Step | undefined {
  const { block: index, offset } = from;
  const isWhole = index < whole || ending !== undefined;
  if (offset < 0) {
    if (!grows(block) && !isWhole) return undefined;
    return { kind: 'events', to: { block: index, offset: 0 }, events: [begin(block, index)] };
  }
  if (grows(block) && offset < wordsOf(block).length) {
    const text = piece(wordsOf(block), from, bound);
    const events: StreamEvent[] = [{ type: 'delta', index, delta: moreOf(block, text) }];
    return { kind: 'events', to: { block: index, offset: offset + text.length }, events };
  }
  if (!isWhole) return undefined;
  return { kind: 'events', to: { block: index + 1, offset: -1 }, events: endOf(block, index) };
}

const begin = (block: Block, index: number): StreamEvent => ({
  type: 'block_start',
  index,
  block: beginningOf(block),
});

/** No character is cut in two, unless a reader left within it. */
function piece(words: string, { block, offset }: Place, bound: Place): string {
  const isBound = bound.block === block && bound.offset > offset;
  const text = words.slice(offset, Math.min(offset + maxText, isBound ? bound.offset : words.length));
  return text.length === maxText && isLead(text.charCodeAt(maxText - 1)) ? text.slice(0, -1) : text;
}

/** The first half of a surrogate pair. */
const isLead = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
