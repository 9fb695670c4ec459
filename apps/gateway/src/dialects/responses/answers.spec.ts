import { describe, expect, it } from '@jest/globals';
import { AppError, type Completion, type CompletionRequest, type Stop, type StreamBatch } from '@parley/contracts';
import OpenAI, { APIError } from 'openai';
import type { Response as SdkResponse, ResponseStreamEvent } from 'openai/resources/responses/responses';
import { answer, streamed } from '../conversation.fixture.js';
import { responsesDialect } from './index.js';

const body = {
  model: 'model-x',
  input: 'hi',
  instructions: 'Be kind.',
  metadata: { a: 'b' },
  tools: [{ type: 'function' as const, name: 'weather', parameters: {}, strict: true }],
};
const asked: CompletionRequest = responsesDialect.read(body, {});

/** The official client, to which `text` is answered. */
const client = (text: string, type = 'application/json') =>
  new OpenAI({
    apiKey: 'key',
    maxRetries: 0,
    fetch: async () => new Response(text, { headers: { 'content-type': type } }),
  }).responses;

const whole = (completion: Completion = answer) => client(responsesDialect.answer(completion, asked)).create(body);

function written(batches: readonly StreamBatch[]): string {
  const encoder = responsesDialect.encoder(asked);
  return batches.map((batch) => encoder.encode(batch)).join('') + encoder.end();
}

const final = (text: string) => client(text, 'text/event-stream').stream(body).finalResponse();

async function eventsOf(text: string): Promise<ResponseStreamEvent[]> {
  const events: ResponseStreamEvent[] = [];
  for await (const event of await client(text, 'text/event-stream').create({ ...body, stream: true })) {
    events.push(event);
  }
  return events;
}

const choice = (content: Completion['choices'][0]['content'], stop: Stop): Completion => ({
  ...answer,
  choices: [{ content, stop }],
});
const text = (words: string) => ({ type: 'text' as const, text: words });
const start: StreamBatch = [{ type: 'start', id: 'abc', model: 'm', created: 1, dropped: [] }];

const items = [
  { type: 'reasoning', id: 'rs_abc_0', summary: [{ type: 'summary_text', text: 'They want the weather.' }] },
  {
    type: 'message',
    id: 'msg_abc_1',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: 'Let me “look” 🦜', annotations: [] }],
  },
  { type: 'function_call', id: 'fc_abc_2', call_id: 'call_1', name: 'weather', arguments: '{"city":"Bonn"}' },
  { type: 'function_call', id: 'fc_abc_3', call_id: 'call_2', name: 'weather', arguments: '{"city":"Köln"}' },
];

describe('a response, as the openai client reads it,', () => {
  it('has thoughts, text, calls, status and usage, and repeats what was asked', async () => {
    const response = await whole();
    expect(response).toMatchObject({
      id: 'resp_abc',
      object: 'response',
      created_at: 1_700_000_000,
      model: 'model-x',
      status: 'completed',
      error: null,
      incomplete_details: null,
      output: items,
      output_text: 'Let me “look” 🦜',
      usage: {
        input_tokens: 160,
        input_tokens_details: { cached_tokens: 100, cache_write_tokens: 50 },
        output_tokens: 12,
        output_tokens_details: { reasoning_tokens: 7 },
        total_tokens: 172,
      },
      store: false,
      instructions: 'Be kind.',
      metadata: { a: 'b' },
      tools: body.tools,
      tool_choice: 'auto',
      parallel_tool_calls: true,
      text: { format: { type: 'text' } },
    });
  });

  it('is the same when it was streamed', async () => {
    const streamedResponse: Partial<SdkResponse> = await final(written(streamed));
    const { output, ...rest } = await whole();
    expect(streamedResponse).toMatchObject(rest);
    expect(streamedResponse.output).toMatchObject(output);
  });

  it('comes back as the conversation that it is part of, signatures included', async () => {
    const { output } = await whole();
    const { messages } = responsesDialect.read({ ...body, input: output }, {});
    expect(messages.slice(1)).toEqual([{ role: 'assistant', content: answer.choices[0].content }]);
  });

  it.each<[Stop['reason'], string, object | null]>([
    ['end', 'completed', null],
    ['stop_sequence', 'completed', null],
    ['tool_calls', 'completed', null],
    ['pause', 'completed', null],
    ['length', 'incomplete', { reason: 'max_output_tokens' }],
    ['context_window', 'incomplete', { reason: 'max_output_tokens' }],
    ['content_filter', 'incomplete', { reason: 'content_filter' }],
    ['refusal', 'incomplete', { reason: 'content_filter' }],
  ])('that ended by %s is %s', async (reason, status, incomplete_details) => {
    const ended = await whole(choice([text('hi')], { reason }));
    expect(ended).toMatchObject({ status, incomplete_details, output: [{ status }] });
    const batches: StreamBatch[] = [
      start,
      [
        { type: 'block_start', index: 0, block: text('') },
        { type: 'delta', index: 0, delta: text('hi') },
        { type: 'block_end', index: 0 },
        { type: 'stop', stop: { reason } },
      ],
      [{ type: 'end' }],
    ];
    expect(await final(written(batches))).toMatchObject({ status, incomplete_details, output: [{ status }] });
    expect((await eventsOf(written(batches))).at(-1)?.type).toBe(`response.${status}`);
  });

  it('joins texts and refusals that follow each other to one message, and says why a model refused', async () => {
    const { output } = await whole(
      choice([text('a'), text('b'), { type: 'refusal', text: 'No.' }, { type: 'reasoning', text: 'hm' }, text('c')], {
        reason: 'end',
      }),
    );
    expect(output).toMatchObject([
      {
        type: 'message',
        content: [
          { type: 'output_text', text: 'a' },
          { type: 'output_text', text: 'b' },
          { type: 'refusal', refusal: 'No.' },
        ],
      },
      { type: 'reasoning' },
      { type: 'message', content: [{ type: 'output_text', text: 'c' }] },
    ]);
    const explained = await whole(choice([text('I')], { reason: 'refusal', explanation: 'Not that.' }));
    expect(explained.output).toMatchObject([{ content: [{ text: 'I' }, { type: 'refusal', refusal: 'Not that.' }] }]);
  });

  it('has calls of custom tools, whole and streamed, and leaves out what it has no item for', async () => {
    const custom = { id: 'call_9', type: 'custom', custom: { name: 'g', input: 'xy' } };
    const foreign = { type: 'vendor' as const, vendor: 'anthropic' as const, value: { type: 'server_tool_use' } };
    const call = { type: 'vendor' as const, vendor: 'openai' as const, value: custom };
    const item = { type: 'custom_tool_call', call_id: 'call_9', name: 'g', input: 'xy' };
    expect((await whole(choice([foreign, call], { reason: 'tool_calls' }))).output).toMatchObject([item]);
    const delta = (value: Record<string, unknown>) =>
      ({ type: 'delta', index: 1, delta: { type: 'vendor', vendor: 'openai', value } }) as const;
    const batches: StreamBatch[] = [
      start,
      [
        { type: 'block_start', index: 0, block: foreign },
        { type: 'delta', index: 0, delta: { type: 'arguments', text: '{}' } },
        { type: 'block_end', index: 0 },
        { type: 'block_start', index: 1, block: { type: 'tool_call', id: 'call_9', name: '', arguments: '' } },
        delta({ index: 0, type: 'custom', custom: { name: 'g', input: 'x' } }),
        delta({ index: 0, custom: { input: 'y' } }),
        { type: 'block_end', index: 1 },
        { type: 'stop', stop: { reason: 'tool_calls' } },
        { type: 'end' },
      ],
    ];
    expect((await final(written(batches))).output).toMatchObject([item]);
  });

  it('keeps a thought that its provider hides, with nothing to show of it', async () => {
    const hidden = { type: 'reasoning' as const, text: '', redacted: 'ZZ' };
    const { output } = await whole(choice([hidden], { reason: 'end' }));
    expect(output).toMatchObject([{ type: 'reasoning', summary: [], encrypted_content: expect.any(String) }]);
    expect(responsesDialect.read({ ...body, input: output }, {}).messages[1]?.content).toEqual([hidden]);
  });
});

describe('the events of a response', () => {
  it('come in the order that OpenAI documents, numbered without a gap', async () => {
    const events = await eventsOf(written(streamed));
    const call = [
      'output_item.added',
      'function_call_arguments.delta',
      'function_call_arguments.delta',
      'function_call_arguments.done',
      'output_item.done',
    ];
    expect(events.map(({ type }) => type.replace('response.', ''))).toEqual([
      'created',
      'in_progress',
      'output_item.added',
      'reasoning_summary_part.added',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
      'output_item.done',
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.delta',
      'output_text.done',
      'content_part.done',
      'output_item.done',
      ...call,
      ...call,
      'completed',
    ]);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
  });

  it('do not tell of the end before it is on record', () => {
    const encoder = responsesDialect.encoder(asked);
    const sent = streamed.map((batch) => encoder.encode(batch)).join('');
    expect(sent).toContain('Köln');
    expect(sent).not.toMatch(/response\.(completed|incomplete)/);
  });

  it('of a response that breaks off end with what there was of it, and with an error that the client raises', async () => {
    const encoder = responsesDialect.encoder(asked);
    const sent = streamed
      .slice(0, 3)
      .map((batch) => encoder.encode(batch))
      .join('');
    const broken = sent + encoder.error(new AppError('provider.interrupted'), 'req');
    const seen: ResponseStreamEvent[] = [];
    const stream = client(broken, 'text/event-stream').stream(body);
    stream.on('event', (event) => seen.push(event));
    const failure: unknown = await stream.finalResponse().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(APIError);
    expect(failure).toMatchObject({
      code: 'provider.interrupted',
      message: 'The model provider broke off its answer',
    });
    expect(seen.at(-1)).toMatchObject({
      type: 'response.failed',
      response: {
        status: 'failed',
        error: { code: 'server_error' },
        output: [{ type: 'reasoning' }, { type: 'message', status: 'incomplete', content: [{ text: 'Let me “' }] }],
      },
    });
  });

  it('are the error alone where nothing had come before', async () => {
    const error = responsesDialect.encoder(asked).error(new AppError('provider.rate_limited'), 'req');
    expect(error).toMatch(/^event: error\n/);
    await expect(final(error)).rejects.toMatchObject({ code: 'rate_limit_exceeded' });
  });
});
