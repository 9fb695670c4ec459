import type { AnswerView, Ending, LiveTurn } from './answer-view.js';
import { noTokens, type Block, type StreamDelta, type StreamEvent } from '@parley/contracts';
import fc from 'fast-check';
import { beginningOf, endOf, grows, moreOf, wordsOf } from './block-parts.js';

export const turn: LiveTurn = {
  id: '0198c0de-0000-4000-8000-000000000001',
  sessionId: '0198c0de-0000-4000-8000-000000000002',
  model: 'asked/model',
  openedAt: new Date(1_700_000_000_000),
};
export const model = 'a-model-2026';

const words = fc.string({ unit: fc.constantFrom('a', '🦜', '"', '\n\n', '\ud83d', 'data: ', '\\'), maxLength: 20 });
const name = fc.stringMatching(/^[a-z]{1,5}$/);
const citation = name.map((url) => ({ type: 'web_search_result_location', url, title: url, cited_text: url }));
const annotation = name.map((url) => ({ type: 'url_citation', url_citation: { url, title: url } }));

const text = fc
  .record({ text: words, citations: fc.array(citation, { maxLength: 3 }) })
  .map(({ text: said, citations }): Block => ({
    type: 'text',
    text: said,
    ...(citations.length > 0 && { vendor: { anthropic: { citations } } }),
  }));
const annotated = fc
  .record({ text: words, annotations: fc.array(annotation, { minLength: 1, maxLength: 2 }) })
  .map(({ text: said, annotations }): Block => ({ type: 'text', text: said, vendor: { openai: { annotations } } }));
const thought = fc
  .record({ text: words, signature: fc.option(name, { nil: undefined }) })
  .map(({ text: said, signature }): Block => ({
    type: 'reasoning',
    text: said,
    ...(signature !== undefined && { signature }),
  }));
const call = fc.record({ id: name, name, arguments: words }).map((fields): Block => ({ type: 'tool_call', ...fields }));
const block: fc.Arbitrary<Block> = fc.oneof(
  { weight: 4, arbitrary: text },
  annotated,
  thought,
  call,
  name.map((redacted): Block => ({ type: 'reasoning', text: '', redacted })),
  words.map((said): Block => ({ type: 'refusal', text: said })),
  name.map((id): Block => ({ type: 'vendor', vendor: 'anthropic', value: { type: 'server_tool_use', id, input: {} } })),
);

/** What an answer says. */
export const blocks = fc.array(block, { maxLength: 4 });

export const ending: fc.Arbitrary<Ending> = fc.oneof(
  fc
    .constantFrom('end' as const, 'length' as const, 'tool_calls' as const)
    .map((reason): Ending => ({ kind: 'whole', stop: { reason }, tokens: { ...noTokens, input: 3, output: 2 } })),
  fc
    .constantFrom('turn.stopped' as const, 'turn.interrupted' as const)
    .map((code): Ending => ({ kind: 'broken', code })),
);

/** The answer as it is stored in the end. */
export const stored = (content: readonly Block[], end: Ending): AnswerView => ({
  model: content.length > 0 || end.kind === 'whole' ? model : null,
  blocks: content,
  whole: content.length,
  ending: end,
});

/** A text in pieces, cut where `cuts` say. */
function pieces(of: string, cuts: readonly number[]): string[] {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (of.length + 1)), of.length])].toSorted((a, b) => a - b);
  return places.slice(1).map((end, index) => of.slice(places[index], end));
}

/** The events in which a provider streams a block; sources come anywhere between the words. */
function streamed(said: Block, index: number, cuts: readonly number[]): StreamEvent[] {
  const first: Block = grows(said) ? beginningOf(said) : said;
  const more: StreamDelta[] = grows(said) ? pieces(wordsOf(said), cuts).map((piece) => moreOf(said, piece)) : [];
  const last = endOf(said, index);
  const ends = last.filter(({ type }) => type !== 'block_end');
  const where = said.type === 'text' ? (cuts[0] ?? 0) % (more.length + 1) : more.length;
  const deltas = more.map((delta): StreamEvent => ({ type: 'delta', index, delta }));
  return [
    { type: 'block_start', index, block: first },
    ...deltas.toSpliced(where, 0, ...ends),
    { type: 'block_end', index },
  ];
}

/** The events of a whole answer, in which the gateway feeds it. */
export function eventsOf(content: readonly Block[], cuts: readonly number[]): StreamEvent[] {
  const start: StreamEvent = { type: 'start', id: 'msg', model, created: 0, dropped: [] };
  return [start, ...content.flatMap((said, index) => streamed(said, index, cuts))];
}
