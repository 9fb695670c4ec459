import { describe, expect, it } from '@jest/globals';
import {
  AppError,
  type Block,
  type Completion,
  type CompletionRequest,
  type ErrorCode,
  type Stop,
  type StreamBatch,
} from '@parley/contracts';
import { openaiErrors } from '@parley/dialects';
import OpenAI, { APIError } from 'openai';
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import { answer, question, streamed, tokens } from '../conversation.fixture.js';
import { openaiDialect } from './index.js';

const ask: ChatCompletionCreateParamsNonStreaming = { model: 'model-x', messages: [{ role: 'user', content: 'hi' }] };
const request = (include_usage = true): CompletionRequest => ({
  model: 'model-x',
  stream: true,
  messages: [],
  vendor: { openai: { stream_options: { include_usage } } },
});

/** The official client, to which `body` is answered. */
const client = (body: string, type = 'application/json', status = 200) =>
  new OpenAI({
    apiKey: 'key',
    maxRetries: 0,
    fetch: async () => new Response(body, { status, headers: { 'content-type': type } }),
  });

function written(batches: readonly StreamBatch[], asked = request()): string {
  const encoder = openaiDialect.encoder(asked);
  return batches.map((batch) => encoder.encode(batch)).join('') + encoder.end();
}

/** The answer as the official client gathers it from a stream. */
const streamedAnswer = (batches: readonly StreamBatch[]) =>
  client(written(batches), 'text/event-stream')
    .chat.completions.stream({ ...ask, stream: true })
    .finalChatCompletion();

const usage = {
  prompt_tokens: 160,
  completion_tokens: 12,
  total_tokens: 172,
  prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 50 },
  completion_tokens_details: { reasoning_tokens: 7 },
};

const message = {
  role: 'assistant',
  content: 'Let me “look” 🦜',
  tool_calls: [
    { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bonn"}' } },
    { id: 'call_2', type: 'function', function: { name: 'weather', arguments: '{"city":"Köln"}' } },
  ],
};

describe('an answer, as the openai client reads it,', () => {
  it('has text, thoughts, calls, finish reason and usage', async () => {
    const completion = await client(openaiDialect.answer(answer, question)).chat.completions.create(ask);
    expect(completion).toMatchObject({
      id: 'chatcmpl-abc',
      object: 'chat.completion',
      model: 'model-x',
      choices: [
        { index: 0, finish_reason: 'tool_calls', message: { ...message, reasoning_content: 'They want the weather.' } },
      ],
      usage,
    });
  });

  it('is the same when it was streamed', async () => {
    expect(await streamedAnswer(streamed)).toMatchObject({
      id: 'chatcmpl-abc',
      choices: [{ finish_reason: 'tool_calls', message }],
      usage,
    });
  });

  it('has thoughts with their signatures to give back, also when they were streamed', async () => {
    const details = [{ type: 'reasoning.text', text: 'They want the weather.', signature: 'c2ln' }];
    const whole = await client(openaiDialect.answer(answer, question)).chat.completions.create(ask);
    expect(whole.choices[0]?.message).toMatchObject({ reasoning_details: details });
    expect((await streamedAnswer(streamed)).choices[0]?.message).toMatchObject({ reasoning_details: details });
  });

  it('has hidden thoughts and several of them, each once', async () => {
    const thought = (index: number, block: object): StreamBatch => [
      { type: 'block_start', index, block: { type: 'reasoning', text: '', ...block } },
      { type: 'block_end', index },
    ];
    const [start = [], , , , ...rest] = streamed;
    const batches = [start, thought(0, { redacted: 'a' }), thought(1, { signature: 'b' }), ...rest];
    expect((await streamedAnswer(batches)).choices[0]?.message).toMatchObject({
      reasoning_details: [
        { type: 'reasoning.encrypted', data: 'a' },
        { type: 'reasoning.text', text: '', signature: 'b' },
      ],
    });
    expect(written(batches).match(/reasoning_details/g)).toHaveLength(1);
  });

  it('says where its text is from, as annotations, also when it was streamed', async () => {
    const citation = { type: 'web_search_result_location', url: 'https://x', title: 'X', encrypted_index: 'e' };
    const texts: Block[] = [
      { type: 'text', text: '🦜 ' },
      { type: 'text', text: 'is grey', vendor: { anthropic: { citations: [citation] } } },
    ];
    const annotations = [
      { type: 'url_citation', url_citation: { start_index: 2, end_index: 9, title: 'X', url: 'https://x' }, citation },
    ];
    const choices: Completion['choices'] = [{ content: texts, stop: { reason: 'end' } }];
    const whole = await client(openaiDialect.answer({ ...answer, choices }, question)).chat.completions.create(ask);
    expect(whole.choices[0]?.message).toMatchObject({ content: '🦜 is grey', annotations });

    const cited: StreamBatch = [
      { type: 'block_start', index: 1, block: { type: 'text', text: '' } },
      { type: 'delta', index: 1, delta: { type: 'text', text: 'is grey' } },
      { type: 'delta', index: 1, delta: { type: 'vendor', vendor: 'anthropic', value: { citation } } },
      { type: 'block_end', index: 1 },
    ];
    const before: StreamBatch = [
      { type: 'block_start', index: 0, block: { type: 'text', text: '🦜 ' } },
      { type: 'block_end', index: 0 },
    ];
    const [start = [], end = []] = [streamed[0], streamed.at(-1)];
    expect((await streamedAnswer([start, before, cited, end])).choices[0]?.message).toMatchObject({
      content: '🦜 is grey',
      annotations,
    });
  });

  it.each<[Stop, object]>([
    [
      { reason: 'refusal', explanation: 'No.' },
      { finish_reason: 'content_filter', message: { refusal: 'No.' } },
    ],
    [
      { reason: 'stop_sequence', sequence: 'END' },
      { finish_reason: 'stop', stop_reason: 'END' },
    ],
    [{ reason: 'context_window' }, { finish_reason: 'length' }],
    [{ reason: 'pause' }, { finish_reason: 'stop' }],
  ])('that ended by %j says so as %j', async (stop, told) => {
    const choices: Completion['choices'] = [{ content: [], stop }];
    const whole = await client(openaiDialect.answer({ ...answer, choices }, question)).chat.completions.create(ask);
    expect(whole.choices[0]).toMatchObject(told);
    const batches = [
      streamed[0] ?? [],
      [
        { type: 'stop' as const, stop },
        { type: 'end' as const, tokens },
      ],
    ];
    expect((await streamedAnswer(batches)).choices[0]).toMatchObject(told);
  });

  it('has the usage in its last chunk, and the field of it in all others', () => {
    const chunks = written(streamed).match(/^data: \{.*$/gm) ?? [];
    expect(chunks.slice(0, -1).every((chunk) => chunk.endsWith(',"usage":null}'))).toBe(true);
    expect(chunks.at(-1)).toContain('"choices":[],"usage":{"prompt_tokens":160');
  });

  it('has characters whole that came in two halves', async () => {
    const [start = [], end = []] = [streamed[0], streamed.at(-1)];
    const delta = (text: string): StreamBatch => [{ type: 'delta', index: 0, delta: { type: 'text', text } }];
    const begin: StreamBatch = [{ type: 'block_start', index: 0, block: { type: 'text', text: '' } }];
    const completion = await streamedAnswer([start, begin, delta('\ud83e'), delta('\udd9c'), end]);
    expect(completion.choices[0]?.message.content).toBe('🦜');
  });

  it('streams no usage to one who did not ask for it', () => {
    expect(written(streamed, request(false))).not.toContain('"usage"');
  });

  it('is passed on unchanged when it came in this dialect', () => {
    const text = '{"id":"x","service_tier":"flex","a_field_of_next_year":1}';
    expect(openaiDialect.answer({ ...answer, native: { vendor: 'openai', text } }, question)).toBe(text);
  });

  it('streams a provider’s own chunks unchanged, and its usage to one who asked', () => {
    const native = (text: string) => ({ native: { vendor: 'openai' as const, text } });
    const batches: StreamBatch[] = [
      [
        { type: 'start', id: 'x', model: 'm', created: 1, dropped: [], ...native('') },
        { type: 'vendor', ...native('{"n":1}') },
      ],
      [{ type: 'delta', index: 0, delta: { type: 'text', text: 'hi' }, ...native('{"n":2}') }],
      [
        { type: 'stop', stop: { reason: 'end' }, ...native('{"n":3}') },
        { type: 'end', tokens, ...native('{"n":4}') },
      ],
    ];
    const chunks = (...ns: number[]) => ns.map((n) => `data: {"n":${n}}\n\n`).join('');
    expect(written(batches)).toBe(`${chunks(1, 2, 3, 4)}data: [DONE]\n\n`);
    expect(written(batches, request(false))).toBe(`${chunks(1, 2, 3)}data: [DONE]\n\n`);
  });

  it('does not end before it is told to', () => {
    const encoder = openaiDialect.encoder(request());
    const text = streamed.map((batch) => encoder.encode(batch)).join('');
    expect(text).toContain('Köln');
    expect(text).not.toMatch(/"finish_reason":"|\[DONE\]/);
  });

  it('that breaks off raises an error in the reader', async () => {
    const encoder = openaiDialect.encoder(request());
    const text = streamed
      .slice(0, 3)
      .map((batch) => encoder.encode(batch))
      .join('');
    const body = text + encoder.error(new AppError('provider.interrupted'), 'req');
    const read = client(body, 'text/event-stream')
      .chat.completions.stream({ ...ask, stream: true })
      .finalChatCompletion();
    await expect(read).rejects.toThrow('The model provider broke off its answer');
  });
});

describe('an error, as the openai client reads it,', () => {
  it.each<[ErrorCode, string, string]>([
    ['request.invalid', 'BadRequestError', 'request.invalid'],
    ['credential.invalid', 'AuthenticationError', 'invalid_api_key'],
    ['request.forbidden', 'PermissionDeniedError', 'request.forbidden'],
    ['model.not_found', 'NotFoundError', 'model_not_found'],
    ['request.rate_limited', 'RateLimitError', 'rate_limit_exceeded'],
    ['provider.failed', 'InternalServerError', 'provider.failed'],
    ['provider.overloaded', 'InternalServerError', 'provider.overloaded'],
  ])('%s is a %s with code %s', async (code, name, sdkCode) => {
    const error = new AppError(code, { detail: 'words', fields: [{ path: 'messages.0', message: 'm' }] });
    const { body, contentType } = openaiErrors(error);
    const raised: unknown = await client(body, contentType, error.status)
      .chat.completions.create(ask)
      .catch((reason: unknown) => reason);
    expect(raised).toBeInstanceOf(APIError);
    expect(raised).toMatchObject({ code: sdkCode, param: 'messages.0', message: `${error.status} words` });
    expect(raised?.constructor.name).toBe(name);
  });
});
