import Anthropic from '@anthropic-ai/sdk';
import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { describeRetries } from './client-retries.js';
import { anthropic, call, demoKey, model, newKey, question, url } from './platform.js';
import { countingFetch, megabyte, pdf, png, rejection, scripted } from './questions.js';

const place = z.object({ city: z.string() });
const vendors = ['anthropic', 'openai'].map((vendor) => `${vendor}/${model}`);
const user = (content: string) => [{ role: 'user' as const, content }];
const max_tokens = 500;

describe('the official Anthropic client, given base URL and key only', () => {
  it('gets a plain message with its usage, and assembles the same one from the stream', async () => {
    const params = { model, max_tokens, messages: question };
    const plain = await anthropic().messages.create(params);
    expect(plain).toMatchObject({
      type: 'message',
      content: [{ type: 'text', text: expect.stringMatching(/\S/) }],
      stop_reason: 'end_turn',
    });
    expect(plain.usage.input_tokens).toBeGreaterThan(0);
    expect(plain.usage.output_tokens).toBeGreaterThan(0);
    const { content, stop_reason, usage } = await anthropic().messages.stream(params).finalMessage();
    expect({ content, stop_reason }).toEqual({ content: plain.content, stop_reason: plain.stop_reason });
    expect(usage.output_tokens).toBe(plain.usage.output_tokens);
  });

  it('counts the tokens of a message as its answer then reports them', async () => {
    const params = { model: `anthropic/${model}`, system: 'Be brief.', messages: question };
    const { input_tokens } = await anthropic().messages.countTokens(params);
    const answer = await anthropic().messages.create({ ...params, max_tokens });
    expect(input_tokens).toBeGreaterThan(0);
    expect(input_tokens).toBe(answer.usage.input_tokens);
  });

  it('gets BadRequestError for a count that the provider cannot give, and for a field that has no length', async () => {
    const uncounted = anthropic().messages.countTokens({ model: `openai/${model}`, messages: question });
    await expect(uncounted).rejects.toThrow(Anthropic.BadRequestError);
    await expect(uncounted).rejects.toThrow(/model\.cannot_count/);
    const body = { model, max_tokens: 9, messages: question };
    const refused = await call('POST', '/v1/messages/count_tokens', { key: demoKey, body });
    expect(refused.status).toBe(400);
    expect(refused.json()).toMatchObject({ type: 'error', error: { message: expect.stringContaining('max_tokens') } });
  });

  it('lists models in its own shape and reads one', async () => {
    const ids: string[] = [];
    for await (const each of anthropic().models.list()) ids.push(each.id);
    expect(ids).toContain(model);
    expect(await anthropic().models.retrieve(model)).toMatchObject({ id: model, type: 'model' });
    const unknown = anthropic().models.retrieve('no-such-model');
    await expect(unknown).rejects.toThrow(Anthropic.NotFoundError);
    await expect(unknown).rejects.toMatchObject({ type: 'not_found_error' });
  });
});

describe.each(vendors)('the official Anthropic client, answered by %s,', (model) => {
  it.each([false, true])('runs tools in parallel and goes on with their results (streamed: %s)', async (stream) => {
    const asked: string[] = [];
    const tools = ['weather', 'clock'].map((name) =>
      betaZodTool({
        name,
        description: `The ${name} of a city`,
        inputSchema: place,
        run: ({ city }) => {
          asked.push(`${name} of ${city}`);
          return `the ${name}`;
        },
      }),
    );
    const messages = user('Use weather and clock for "Bonn"');
    const runner = anthropic().beta.messages.toolRunner({ model, max_tokens, tools, messages, stream });

    const { content } = await runner.runUntilDone();

    expect(content).toMatchObject([{ text: 'The tool answered: the weather — the clock' }]);
    expect(asked).toEqual(['weather of Bonn', 'clock of Bonn']);
  });

  it('parses what fits a schema, plain and streamed', async () => {
    const output_config = { format: zodOutputFormat(place) };
    const params = { model, max_tokens, messages: user('Where? "Bonn"'), output_config };
    expect((await anthropic().messages.parse(params)).parsed_output).toEqual({ city: 'Bonn' });
    const streamed = await anthropic().messages.stream(params).finalMessage();
    expect(streamed.parsed_output).toEqual({ city: 'Bonn' });
  });

  it('asks about images and documents, and nothing of them is left out', async () => {
    const content: Anthropic.ContentBlockParam[] = [
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } },
      { type: 'document', title: 'a.pdf', source: { type: 'base64', media_type: 'application/pdf', data: pdf } },
      { type: 'text', text: 'What are they?' },
    ];
    const { data, response } = await anthropic()
      .messages.create({ model, max_tokens, messages: [{ role: 'user', content }] })
      .withResponse();
    expect(data.content).toMatchObject([{ text: expect.stringContaining('What are they?') }]);
    expect(response.headers.get('x-parley-dropped')).toBeNull();
  });

  it('gets an answer of 1 MB whole, plain and streamed', async () => {
    const params = { model, max_tokens: 1_000_000, messages: user(`[offline: say="${megabyte}"]`) };
    // Without a timeout of its own the client refuses to ask for so much in one piece.
    const plain = await anthropic().messages.create(params, { timeout: 60_000 });
    const streamed = await anthropic().messages.stream(params).finalText();
    expect([
      plain.content.map((block) => block.type === 'text' && block.text === megabyte),
      streamed === megabyte,
    ]).toEqual([[true], true]);
  });
});

describe('Anthropic’s own', () => {
  const params = { model: `anthropic/${model}`, max_tokens: 4_000 };

  it('thinking comes with its signature, plain and streamed, and goes back with it, through a call of a tool too', async () => {
    const tools = [{ name: 'weather', input_schema: { type: 'object' as const } }];
    const thinking = { type: 'enabled' as const, budget_tokens: 2_000 };
    const asked = { ...params, thinking, tools, messages: user('Use weather') };
    const plain = await anthropic().messages.create(asked);
    const { content } = await anthropic().messages.stream(asked).finalMessage();
    expect(content).toEqual(plain.content);
    expect(content).toMatchObject([
      { type: 'thinking', thinking: expect.stringMatching(/\S/), signature: expect.stringMatching(/\S/) },
      { type: 'tool_use', name: 'weather' },
    ]);

    const results = content.flatMap((block) =>
      block.type === 'tool_use' ? [{ type: 'tool_result' as const, tool_use_id: block.id, content: 'sun' }] : [],
    );
    const messages = [
      ...asked.messages,
      { role: 'assistant' as const, content },
      { role: 'user' as const, content: results },
    ];
    const next = await anthropic()
      .messages.create({ ...asked, messages })
      .withResponse();
    expect(next.data.content.at(-1)).toMatchObject({ text: 'The tool answered: sun' });
    expect(next.response.headers.get('x-parley-dropped')).toBeNull();
  });

  it.each(['5m', '1h'] as const)('marks for the cache, of %s, are written once and read then', async (ttl) => {
    const mark = { type: 'ephemeral' as const, ttl };
    const system = [{ type: 'text' as const, text: `Rules ${crypto.randomUUID()}`, cache_control: mark }];
    const asked = { ...params, system, messages: question };
    const { usage: first } = await anthropic().messages.create(asked);
    const { usage: second } = await anthropic().messages.stream(asked).finalMessage();
    const written = first.cache_creation_input_tokens ?? 0;
    expect(written).toBeGreaterThan(0);
    expect(first.cache_creation).toMatchObject({ [`ephemeral_${ttl}_input_tokens`]: written });
    expect(second).toMatchObject({ cache_creation_input_tokens: 0, cache_read_input_tokens: written });
  });
});

type ErrorClass = new (...args: never[]) => Error;

describe('the official Anthropic client raises the right class', () => {
  const ask = (params: object, key = demoKey) =>
    anthropic(key).messages.create({ model, max_tokens, messages: question, ...params });

  it.each<[string, number, ErrorClass, string, () => Promise<unknown>]>([
    ['an unknown field', 400, Anthropic.BadRequestError, 'invalid_request_error', () => ask({ mood: 'good' })],
    ['a key that nobody has', 401, Anthropic.AuthenticationError, 'authentication_error', () => ask({}, 'ply_nobody')],
    [
      'a key without the permission',
      403,
      Anthropic.PermissionDeniedError,
      'permission_error',
      async () => ask({}, (await newKey({ permissions: ['usage:read'] })).key),
    ],
    ['a model that nobody serves', 404, Anthropic.NotFoundError, 'not_found_error', () => ask({ model: 'no-such' })],
    [
      'a body over the limit',
      413,
      Anthropic.ContentTooLargeError,
      'request_too_large',
      () => ask({ messages: user('x'.repeat(33 * 1024 * 1024)) }),
    ],
  ])('for %s', async (_, status, errorClass, type, asked) => {
    const error = await rejection(asked());
    expect(error).toBeInstanceOf(errorClass);
    expect(error).toMatchObject({ status, type });
  });

  it.concurrent.each<[string, number, ErrorClass, string]>([
    ['400', 400, Anthropic.BadRequestError, 'invalid_request_error'],
    ['401', 502, Anthropic.InternalServerError, 'api_error'],
    ['402', 502, Anthropic.InternalServerError, 'api_error'],
    ['404', 404, Anthropic.NotFoundError, 'not_found_error'],
    ['409', 409, Anthropic.ConflictError, 'conflict_error'],
    ['413', 413, Anthropic.ContentTooLargeError, 'request_too_large'],
    ['422', 422, Anthropic.UnprocessableEntityError, 'invalid_request_error'],
    ['429', 429, Anthropic.RateLimitError, 'rate_limit_error'],
    ['500', 502, Anthropic.InternalServerError, 'api_error'],
    ['529', 503, Anthropic.ServiceUnavailableError, 'overloaded_error'],
    ['garbage', 502, Anthropic.InternalServerError, 'api_error'],
    ['nothing', 502, Anthropic.InternalServerError, 'api_error'],
    ['hang', 504, Anthropic.GatewayTimeoutError, 'timeout_error'],
  ])(
    'for a provider that answers %s, plain, before a stream, and to a count',
    async (fault, status, errorClass, type) => {
      const { model, messages } = scripted(`fault=${fault}`);
      const all = [
        ask({ model, messages }),
        ask({ ...scripted(`fault=${fault}`), stream: true }),
        anthropic().messages.countTokens(scripted(`fault=${fault}`)),
      ];
      for (const error of await Promise.all(all.map(rejection))) {
        expect(error).toBeInstanceOf(errorClass);
        expect(error).toMatchObject({ status, type });
      }
    },
  );

  it.concurrent.each(['half-stream', 'short-stream', 'stalled-stream', 'error-event'])(
    'in a stream, after what was received, for a provider that gives %s',
    async (fault) => {
      const stream = anthropic().messages.stream({ ...scripted(`fault=${fault}`), max_tokens });
      let received = '';
      stream.on('text', (text) => (received += text));
      await expect(stream.finalMessage()).rejects.toThrow(Anthropic.APIError);
      expect(received).not.toBe('');
    },
  );

  it('for an answer that it does not wait for, or that is not wanted any more', async () => {
    const { messages } = new Anthropic({ baseURL: url, apiKey: demoKey, maxRetries: 0, ...countingFetch() });
    const silent = { ...scripted('fault=hang'), max_tokens };
    await expect(messages.create(silent, { timeout: 200 })).rejects.toThrow(Anthropic.APIConnectionTimeoutError);
    const signal = AbortSignal.timeout(200);
    await expect(messages.create(silent, { signal })).rejects.toThrow(Anthropic.APIUserAbortError);
    const stream = messages.stream({ ...scripted('deltas=1000 delay=20'), max_tokens: 4_000 });
    stream.on('text', () => stream.abort());
    await expect(stream.done()).rejects.toThrow(Anthropic.APIUserAbortError);
  });
});

describeRetries('Anthropic', (script, fetch) =>
  new Anthropic({ baseURL: url, apiKey: demoKey, fetch }).messages.create({ ...scripted(script), max_tokens }),
);
