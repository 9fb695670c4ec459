import { describe, expect, it } from '@jest/globals';
import { noTokens, type Block, type Completion, type StreamBatch, type StreamEvent } from '@parley/contracts';
import OpenAI from 'openai';
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import { answer } from '../conversation.fixture.js';
import { responsesDialect } from './index.js';
import { unseal } from './thoughts.js';

const body = { model: 'm', input: 'hi', include: ['message.output_text.logprobs' as const] };
const asked = responsesDialect.read(body, {});

/** The official client, to which `text` is answered. */
const client = (text: string, type: string) =>
  new OpenAI({
    apiKey: 'key',
    maxRetries: 0,
    fetch: async () => new Response(text, { headers: { 'content-type': type } }),
  }).responses;

const whole = (content: Block[], more: Partial<Completion> = {}) =>
  client(
    responsesDialect.answer({ ...answer, choices: [{ content, stop: { reason: 'end' } }], ...more }, asked),
    'application/json',
  ).create(body);

/** What the client makes of a stream of these events, and the events as it saw them. */
async function streamed(...events: StreamEvent[]) {
  const encoder = responsesDialect.encoder(asked);
  const batches: StreamBatch[] = [
    [{ type: 'start', id: 'abc', model: 'm', created: 1, dropped: [] }],
    events,
    [
      { type: 'stop', stop: { reason: 'end' } },
      { type: 'end', tokens: noTokens },
    ],
  ];
  const text = batches.map((batch) => encoder.encode(batch)).join('') + encoder.end();
  const seen: ResponseStreamEvent[] = [];
  const stream = client(text, 'text/event-stream').stream(body);
  stream.on('event', (event) => seen.push(event));
  const { output } = await stream.finalResponse();
  return { output, seen };
}

const call = (id: string) => ({ type: 'tool_call' as const, id, name: 'f', arguments: '' });
const comeBack = (output: unknown) =>
  responsesDialect.read({ ...body, input: JSON.parse(JSON.stringify(output)) as object[] }, {});

describe('the items of a stream whose blocks overlap', () => {
  it('are calls that keep their own arguments', async () => {
    const delta = (index: number, text: string): StreamEvent => ({
      type: 'delta',
      index,
      delta: { type: 'arguments', text },
    });
    const { output, seen } = await streamed(
      { type: 'block_start', index: 0, block: call('a') },
      { type: 'block_start', index: 1, block: call('b') },
      delta(1, '{"b":'),
      delta(0, '{"a":'),
      delta(1, '2}'),
      delta(0, '1}'),
      { type: 'block_end', index: 1 },
      { type: 'block_end', index: 0 },
    );
    expect(output).toMatchObject([
      { call_id: 'a', arguments: '{"a":1}', status: 'completed' },
      { call_id: 'b', arguments: '{"b":2}', status: 'completed' },
    ]);
    expect(seen.filter(({ type }) => type === 'response.output_item.done')).toHaveLength(2);
  });

  it('are thoughts that are signed when they are over', async () => {
    const { output } = await streamed(
      { type: 'block_start', index: 0, block: { type: 'reasoning', text: '' } },
      { type: 'delta', index: 0, delta: { type: 'reasoning', text: 'hm' } },
      { type: 'block_end', index: 0 },
      { type: 'block_start', index: 1, block: { type: 'text', text: 'hi' } },
      { type: 'delta', index: 0, delta: { type: 'signature', text: 'c2ln' } },
      { type: 'block_end', index: 1 },
    );
    expect(output).toMatchObject([{ type: 'reasoning' }, { type: 'message', content: [{ text: 'hi' }] }]);
    const [thought] = output;
    const encrypted = thought?.type === 'reasoning' ? thought.encrypted_content : undefined;
    expect(unseal(encrypted ?? '')).toEqual({ type: 'reasoning', text: 'hm', signature: 'c2ln' });
  });
});

describe('the sources of a text', () => {
  const citation = { type: 'web_search_result_location', url: 'https://x', title: 'X', cited_text: 'c' };
  const url_citation = { start_index: 1, end_index: 2, url: 'https://y', title: 'Y' };
  const annotation = { type: 'url_citation', start_index: 0, end_index: 3, url: 'https://x', title: 'X', citation };
  const vendorDelta = (vendor: 'anthropic' | 'openai', value: Record<string, unknown>): StreamEvent => ({
    type: 'delta',
    index: 0,
    delta: { type: 'vendor', vendor, value },
  });

  it('are annotations, whichever vendor told them, whole and streamed', async () => {
    const anthropic: Block = { type: 'text', text: 'a 🦜', vendor: { anthropic: { citations: [citation] } } };
    const annotations = [{ type: 'url_citation', url_citation }];
    const openai: Block = { type: 'text', text: 'b', vendor: { openai: { annotations } } };
    expect((await whole([anthropic, openai])).output).toMatchObject([
      {
        content: [
          { text: 'a 🦜', annotations: [annotation] },
          { text: 'b', annotations: [{ type: 'url_citation', ...url_citation }] },
        ],
      },
    ]);
    const { output, seen } = await streamed(
      { type: 'block_start', index: 0, block: { type: 'text', text: '' } },
      vendorDelta('anthropic', { type: 'citations_delta', citation }),
      vendorDelta('openai', { annotations }),
      { type: 'delta', index: 0, delta: { type: 'text', text: 'a 🦜' } },
      { type: 'block_end', index: 0 },
    );
    expect(output).toMatchObject([
      { content: [{ annotations: [{ type: 'url_citation', ...url_citation }, annotation] }] },
    ]);
    expect(seen.filter(({ type }) => type === 'response.output_text.annotation.added')).toHaveLength(2);
  });

  it('come back with the text; what chat completions have no word for is named', async () => {
    const { output } = await whole([{ type: 'text', text: 'a 🦜', vendor: { anthropic: { citations: [citation] } } }]);
    const { messages, dropped } = comeBack(output);
    const { type, citation: own, ...rest } = annotation;
    expect(messages[0]?.content).toEqual([
      {
        type: 'text',
        text: 'a 🦜',
        vendor: { openai: { annotations: [{ type, url_citation: rest, citation: own }] } },
      },
    ]);
    expect(dropped).toBeUndefined();
    const file = { type: 'file_path', file_id: 'f', index: 0 };
    const content = [{ type: 'output_text', text: 'a', annotations: [file] }];
    expect(comeBack([{ role: 'assistant', content }]).dropped).toEqual(['input.annotations']);
  });
});

describe('probabilities', () => {
  const token = (text: string) => ({ token: text, logprob: -0.5, bytes: null, top_logprobs: [] });
  const native = (...tokens: string[]) => ({
    vendor: 'openai' as const,
    text: JSON.stringify({ choices: [{ logprobs: { content: tokens.map(token) } }] }),
  });
  const read = (...tokens: string[]) => tokens.map((text) => ({ ...token(text), bytes: [] }));

  it('are given where they were asked for, whole and streamed', async () => {
    const { output } = await whole([{ type: 'text', text: 'hi you' }], { native: native('hi', ' you') });
    expect(output).toMatchObject([{ content: [{ logprobs: read('hi', ' you') }] }]);
    const toldLater = { vendor: 'openai' as const, text: '' };
    const stream = await streamed(
      { type: 'block_start', index: 0, block: { type: 'text', text: '' }, native: toldLater },
      { type: 'delta', index: 0, delta: { type: 'text', text: 'hi' }, native: native('hi') },
      { type: 'delta', index: 0, delta: { type: 'text', text: ' you' }, native: toldLater },
      { type: 'block_end', index: 0, native: native(' you') },
    );
    expect(stream.output).toMatchObject([{ content: [{ text: 'hi you', logprobs: read('hi', ' you') }] }]);
    expect(stream.seen.filter(({ type }) => type === 'response.output_text.delta')).toMatchObject([
      { delta: 'hi', logprobs: read('hi') },
      { delta: ' you', logprobs: read(' you') },
    ]);
  });
});
