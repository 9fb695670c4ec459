import { expect, it } from '@jest/globals';
import { noTokens, type Block, type Completion, type StreamBatch, type StreamEvent } from '@parley/contracts';
import fc from 'fast-check';
import OpenAI from 'openai';
import type { ResponseOutputItem } from 'openai/resources/responses/responses';
import { responsesDialect } from './index.js';

const body = { model: 'm', input: 'hi' };
const asked = responsesDialect.read(body, {});

const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const optional = <T>(field: string, value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined }).map((given) => (given === undefined ? {} : { [field]: given }));

const text = words.map((value): Block => ({ type: 'text', text: value }));
const refusal = words.map((value): Block => ({ type: 'refusal', text: value, vendor: { openai: { part: true } } }));
const thought = fc
  .tuple(words, optional('signature', words))
  .map(([value, signature]): Block => ({ type: 'reasoning', text: value, ...signature }));
const hidden = words.map((redacted): Block => ({ type: 'reasoning', text: '', redacted }));
const call = (id: string) =>
  fc.record({ name: words, arguments: words }).map((fields): Block => ({ type: 'tool_call', id, ...fields }));

/** What a model may say, each call with an id of its own. */
const content = fc
  .array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 8 })
  .chain((kinds) =>
    fc.tuple(...kinds.map((kind, index) => [text, refusal, thought, hidden, call(`call_${index}`)][kind] ?? text)),
  );

/** The block as a stream begins it, and the rest of it in two deltas. */
function streamedBlock(block: Block, index: number): StreamEvent[] {
  const delta = (type: 'text' | 'refusal' | 'reasoning' | 'arguments' | 'signature', whole: string): StreamEvent[] =>
    [whole.slice(0, 1), whole.slice(1)].map((part) => ({ type: 'delta', index, delta: { type, text: part } }));
  const end: StreamEvent = { type: 'block_end', index };
  switch (block.type) {
    case 'text':
    case 'refusal':
      return [{ type: 'block_start', index, block: { ...block, text: '' } }, ...delta(block.type, block.text), end];
    case 'reasoning': {
      const { signature, ...unsigned } = block;
      const signed = signature === undefined ? [] : delta('signature', signature);
      if (block.redacted !== undefined) return [{ type: 'block_start', index, block }, end];
      const start: StreamEvent = { type: 'block_start', index, block: { ...unsigned, text: '' } };
      return [start, ...delta('reasoning', block.text), ...signed, end];
    }
    case 'tool_call':
      return [
        { type: 'block_start', index, block: { ...block, arguments: '' } },
        ...delta('arguments', block.arguments),
        end,
      ];
    default:
      return [];
  }
}

function streamed(blocks: readonly Block[]): string {
  const encoder = responsesDialect.encoder(asked);
  const batches: StreamBatch[] = [
    [{ type: 'start', id: 'abc', model: 'm', created: 1, dropped: [] }],
    ...blocks.map(streamedBlock),
    [
      { type: 'stop', stop: { reason: 'end' } },
      { type: 'end', tokens: noTokens },
    ],
  ];
  return batches.map((batch) => encoder.encode(batch)).join('') + encoder.end();
}

function whole(blocks: readonly Block[]): string {
  const completion: Completion = {
    id: 'abc',
    model: 'm',
    created: 1,
    choices: [{ content: [...blocks], stop: { reason: 'end' } }],
    tokens: noTokens,
    estimated: false,
    dropped: [],
  };
  return responsesDialect.answer(completion, asked);
}

/** The official client, to which `answer` is answered. */
const client = (answer: string, type: string) =>
  new OpenAI({
    apiKey: 'key',
    maxRetries: 0,
    fetch: async () => new Response(answer, { headers: { 'content-type': type } }),
  }).responses;

/** What the next request makes of the items that an answer gave. */
const comeBack = (output: ResponseOutputItem[]) =>
  responsesDialect.read({ ...body, input: JSON.parse(JSON.stringify(output)) as object[] }, {}).messages;

it('whatever a model says comes back as it was said, whole and streamed, by the official client', () =>
  fc.assert(
    fc.asyncProperty(content, async (blocks) => {
      const { output } = await client(whole(blocks), 'application/json').create(body);
      const stream = await client(streamed(blocks), 'text/event-stream').stream(body).finalResponse();
      expect(comeBack(output)).toEqual([{ role: 'assistant', content: blocks }]);
      expect(comeBack(stream.output)).toEqual([{ role: 'assistant', content: blocks }]);
    }),
    { numRuns: 100 },
  ));
