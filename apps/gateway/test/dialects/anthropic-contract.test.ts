/** Real: the official client and our transport, each over HTTP to a server that records what it is asked. */
import Anthropic from '@anthropic-ai/sdk';
import type { MessageCountTokensParams } from '@anthropic-ai/sdk/resources/messages';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StreamEvent } from '@parley/contracts';
import { anthropicProvider, type ModelProvider } from '@parley/llm';
import { anthropicDialect, readCountRequest } from '../../src/dialects/anthropic/index.js';
import { answer, question, streamed } from '../../src/dialects/conversation.fixture.js';
import { anthropicRequests } from './anthropic-requests.js';
import { recordingServer, type RecordingServer } from './recording-server.js';
import { sameMeaning } from './same-meaning.js';

/** What Anthropic reads; the others say which client it was. */
const headersThatMatter = [
  'authorization',
  'anthropic-version',
  'anthropic-beta',
  'content-type',
  'accept',
  'x-api-key',
];
const limits = { connections: 2, firstByteTimeoutMs: 5_000, idleTimeoutMs: 5_000 };
const { signal } = new AbortController();

let server: RecordingServer;
let ours: ModelProvider;
let theirs: Anthropic;

beforeAll(async () => {
  server = await recordingServer();
  ours = anthropicProvider({ name: 'anthropic', apiKey: 'sk-test', baseUrl: server.url, ...limits });
  theirs = new Anthropic({ apiKey: 'sk-test', authToken: null, baseURL: server.url, maxRetries: 0 });
});

afterAll(async () => {
  await ours.close();
  await server.close();
});

const wire = () => {
  const { path, headers, body } = server.last();
  return { path, body: sameMeaning(body), headers: headersThatMatter.map((name) => [name, headers[name]]) };
};

const whole = anthropicDialect.answer(answer, question);
const events = () => {
  const encoder = anthropicDialect.encoder({ model: 'm', stream: true, messages: [] });
  return streamed.map((batch) => encoder.encode(batch)).join('') + encoder.end();
};

describe.each(Object.entries(anthropicRequests))('a request with %s', (_feature, params) => {
  it('is sent, and its answer read, as by the official client', async () => {
    server.answer(whole);
    const theirAnswer = await theirs.messages.create(params);
    const theirWire = wire();

    const request = anthropicDialect.read(params, {});
    const ourAnswer = await ours.complete(request, { signal });

    expect(wire()).toEqual(theirWire);
    expect(JSON.parse(anthropicDialect.answer(ourAnswer, request))).toEqual(theirAnswer);
  });

  it('is sent, and its stream read, as by the official client', async () => {
    server.answer(events(), 'text/event-stream');
    const theirEvents = [];
    for await (const event of await theirs.messages.create({ ...params, stream: true })) theirEvents.push(event);
    const theirWire = wire();

    const ourEvents: StreamEvent[] = [];
    const request = anthropicDialect.read({ ...params, stream: true }, {});
    for await (const batch of ours.stream(request, { signal })) ourEvents.push(...batch);

    expect(wire()).toEqual(theirWire);
    expect(ourEvents.map((event) => JSON.parse(event.native?.text ?? '') as unknown)).toEqual(theirEvents);
  });
});

it('a count is asked for, and its answer read, as by the official client', async () => {
  const params: MessageCountTokensParams = {
    model: 'claude-sonnet-5-5',
    system: 'Be kind.',
    messages: [{ role: 'user', content: 'hi' }],
    tools: [{ name: 'weather', input_schema: { type: 'object' } }],
    tool_choice: { type: 'any' },
    thinking: { type: 'adaptive' },
    cache_control: { type: 'ephemeral' },
  };
  server.answer('{"input_tokens":17}');
  const { input_tokens } = await theirs.messages.countTokens(params);
  const theirWire = wire();

  const counted = await ours.countTokens?.(readCountRequest(params, {}), { signal });

  expect(wire()).toEqual(theirWire);
  expect([input_tokens, counted]).toEqual([17, 17]);
});

it('the headers that an Anthropic client sent beside its request go on to Anthropic', async () => {
  server.answer(whole);
  const headers = { 'anthropic-beta': 'fast-mode-2026-02-01', 'anthropic-version': '2023-06-01' };
  const body = { model: 'claude-x', max_tokens: 1, temperature: 0.5, messages: [{ role: 'user', content: 'hi' }] };
  await ours.complete(anthropicDialect.read(body, headers), { signal });
  expect(server.last().headers).toMatchObject(headers);
  expect(server.last().body).toEqual(body);
});
