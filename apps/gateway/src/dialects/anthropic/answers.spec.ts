import Anthropic, { APIError } from '@anthropic-ai/sdk';
import type { MessageCreateParamsNonStreaming } from '@anthropic-ai/sdk/resources/messages';
import { describe, expect, it } from '@jest/globals';
import { AppError, type CompletionRequest, type ErrorCode, type StreamBatch } from '@parley/contracts';
import { anthropicErrors } from '@parley/dialects';
import { answer, question, streamed, tokens } from '../conversation.fixture.js';
import { anthropicDialect } from './index.js';

const ask: MessageCreateParamsNonStreaming = {
  model: 'model-x',
  max_tokens: 99,
  messages: [{ role: 'user', content: 'hi' }],
};
const request: CompletionRequest = { model: 'model-x', stream: true, messages: [] };

/** The official client, to which `body` is answered. */
const client = (body: string, type = 'application/json', status = 200) =>
  new Anthropic({
    apiKey: 'key',
    maxRetries: 0,
    fetch: async () => new Response(body, { status, headers: { 'content-type': type } }),
  });

function written(batches: readonly StreamBatch[]): string {
  const encoder = anthropicDialect.encoder(request);
  return batches.map((batch) => encoder.encode(batch)).join('') + encoder.end();
}

const message = {
  id: 'msg_abc',
  type: 'message',
  role: 'assistant',
  model: 'model-x',
  content: [
    { type: 'thinking', thinking: 'They want the weather.', signature: 'c2ln' },
    { type: 'text', text: 'Let me “look” 🦜' },
    { type: 'tool_use', id: 'call_1', name: 'weather', input: { city: 'Bonn' } },
    { type: 'tool_use', id: 'call_2', name: 'weather', input: { city: 'Köln' } },
  ],
  stop_reason: 'tool_use',
  stop_sequence: null,
  usage: {
    input_tokens: 10,
    cache_read_input_tokens: 100,
    cache_creation_input_tokens: 50,
    output_tokens: 12,
    output_tokens_details: { thinking_tokens: 7 },
  },
};

describe('an answer, as the Anthropic client reads it,', () => {
  it('has thoughts, text, calls, stop reason and usage', async () => {
    expect(await client(anthropicDialect.answer(answer, question)).messages.create(ask)).toMatchObject(message);
  });

  it('is the same when it was streamed', async () => {
    const stream = client(written(streamed), 'text/event-stream').messages.stream(ask);
    expect(await stream.finalMessage()).toMatchObject(message);
  });

  it('is streamed in the documented order of events', () => {
    const events = [...written(streamed).matchAll(/^event: (\w+)$/gm)].map(([, name]) => name);
    const block = (deltas: number) => [
      'content_block_start',
      ...Array<string>(deltas).fill('content_block_delta'),
      'content_block_stop',
    ];
    expect(events).toEqual([
      'message_start',
      ...block(3),
      ...block(2),
      ...block(2),
      ...block(2),
      'message_delta',
      'message_stop',
    ]);
  });

  it('has characters whole that came in two halves', async () => {
    const [start = [], end = []] = [streamed[0], streamed.at(-1)];
    const delta = (text: string): StreamBatch => [{ type: 'delta', index: 0, delta: { type: 'text', text } }];
    const begin: StreamBatch = [{ type: 'block_start', index: 0, block: { type: 'text', text: '' } }];
    const body = written([start, begin, delta('\ud83e'), delta('\udd9c'), end]);
    const read = await client(body, 'text/event-stream').messages.stream(ask).finalMessage();
    expect(read.content).toMatchObject([{ text: '🦜' }]);
  });

  it('that is a refusal says so by its stop reason', async () => {
    const refusal = { content: [{ type: 'refusal' as const, text: 'No.' }], stop: { reason: 'end' as const } };
    const read = await client(anthropicDialect.answer({ ...answer, choices: [refusal] }, question)).messages.create(
      ask,
    );
    expect(read).toMatchObject({
      content: [{ type: 'text', text: 'No.' }],
      stop_reason: 'refusal',
      stop_details: { type: 'refusal' },
    });
  });

  it('is passed on unchanged when it came in this dialect', () => {
    const text = '{"id":"msg_1","a_field_of_next_year":1}';
    expect(anthropicDialect.answer({ ...answer, native: { vendor: 'anthropic', text } }, question)).toBe(text);
  });

  it('streams a provider’s own events unchanged, those of a new kind included', () => {
    const native = (type: string) => ({ native: { vendor: 'anthropic' as const, text: `{"type":"${type}","n":1}` } });
    const batches: StreamBatch[] = [
      [{ type: 'start', id: 'x', model: 'm', created: 1, dropped: [], ...native('message_start') }],
      [
        { type: 'vendor', ...native('novelty') },
        { type: 'stop', stop: { reason: 'end' }, ...native('message_delta') },
      ],
      [{ type: 'end', tokens, ...native('message_stop') }],
    ];
    const event = (type: string) => `event: ${type}\ndata: {"type":"${type}","n":1}\n\n`;
    expect(written(batches)).toBe(['message_start', 'novelty', 'message_delta', 'message_stop'].map(event).join(''));
  });

  it('does not end before it is told to', () => {
    const encoder = anthropicDialect.encoder(request);
    const text = streamed.map((batch) => encoder.encode(batch)).join('');
    expect(text).toContain('Köln');
    expect(text).not.toMatch(/message_delta|message_stop/);
  });

  it('that breaks off raises an error in the reader', async () => {
    const encoder = anthropicDialect.encoder(request);
    const text = streamed
      .slice(0, 3)
      .map((batch) => encoder.encode(batch))
      .join('');
    const body = text + encoder.error(new AppError('provider.overloaded'), 'req');
    const read = client(body, 'text/event-stream').messages.stream(ask).finalMessage();
    await expect(read).rejects.toMatchObject({ type: 'overloaded_error', errorCode: 'provider.overloaded' });
  });
});

describe('an error, as the Anthropic client reads it,', () => {
  it.each<[ErrorCode, string, string]>([
    ['request.invalid', 'BadRequestError', 'invalid_request_error'],
    ['credential.invalid', 'AuthenticationError', 'authentication_error'],
    ['request.forbidden', 'PermissionDeniedError', 'permission_error'],
    ['model.not_found', 'NotFoundError', 'not_found_error'],
    ['request.too_large', 'ContentTooLargeError', 'request_too_large'],
    ['request.rate_limited', 'RateLimitError', 'rate_limit_error'],
    ['provider.conflict', 'ConflictError', 'conflict_error'],
    ['provider.unprocessable', 'UnprocessableEntityError', 'invalid_request_error'],
    ['provider.failed', 'InternalServerError', 'api_error'],
    ['provider.overloaded', 'ServiceUnavailableError', 'overloaded_error'],
    ['provider.timeout', 'GatewayTimeoutError', 'timeout_error'],
  ])('%s is a %s of type %s', async (code, name, type) => {
    const error = new AppError(code, { detail: 'words' });
    const { body, contentType } = anthropicErrors(error, 'req_1');
    const raised: unknown = await client(body, contentType, error.status)
      .messages.create(ask)
      .catch((reason: unknown) => reason);
    expect(raised).toBeInstanceOf(APIError);
    expect(raised).toMatchObject({ type, apiMessage: 'words', errorCode: code, error: { request_id: 'req_1' } });
    expect(raised?.constructor.name).toBe(name);
  });
});
