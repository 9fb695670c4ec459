import { describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { describeRetries } from './client-retries.js';
import { demoKey, login, model, newKey, openai, question, url } from './platform.js';
import { countingFetch, megabyte, pdf, png, rejection, scripted } from './questions.js';

const place = z.object({ city: z.string() });
const vendors = ['anthropic', 'openai'].map((vendor) => `${vendor}/${model}`);
const user = (content: string) => [{ role: 'user' as const, content }];

describe('the official openai client, given base URL and key only', () => {
  it('gets a plain completion, and the same text streamed, with the same usage when it asks for it', async () => {
    const plain = await openai().chat.completions.create({ model, messages: question });
    expect(plain).toMatchObject({ object: 'chat.completion', choices: [{ finish_reason: 'stop' }] });
    expect(plain.usage?.prompt_tokens).toBeGreaterThan(0);
    expect(plain.usage?.completion_tokens).toBeGreaterThan(0);

    const stream = await openai().chat.completions.create({
      model,
      messages: question,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await Array.fromAsync(stream);
    const deltas = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').filter((text) => text !== '');
    expect(deltas.length).toBeGreaterThan(1);
    expect(deltas.join('')).toBe(plain.choices[0]?.message.content);
    expect(chunks.at(-1)?.usage).toMatchObject({
      prompt_tokens: plain.usage?.prompt_tokens,
      completion_tokens: plain.usage?.completion_tokens,
    });
  });

  it('lists models, reads one, and gets NotFoundError for one that does not exist', async () => {
    const ids: string[] = [];
    for await (const each of openai().models.list()) ids.push(each.id);
    expect(ids).toContain(model);
    expect(await openai().models.retrieve(model)).toMatchObject({ id: model, object: 'model' });
    await expect(openai().models.retrieve('no-such-model')).rejects.toThrow(OpenAI.NotFoundError);
  });

  it('is answered with an access token as well as with an API key', async () => {
    const { access_token } = await login();
    const answer = await openai(access_token).chat.completions.create({ model, messages: question });
    expect(answer.choices).toHaveLength(1);
  });
});

describe.each(vendors)('the official openai client, answered by %s,', (model) => {
  it.each([false, true])('runs tools in parallel and goes on with their results (streamed: %s)', async (streamed) => {
    const asked: string[] = [];
    const tools = ['weather', 'clock'].map((name) => ({
      type: 'function' as const,
      function: {
        name,
        description: `The ${name} of a city`,
        parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
        parse: (text: string) => place.parse(JSON.parse(text)),
        function: ({ city }: z.infer<typeof place>) => {
          asked.push(`${name} of ${city}`);
          return `the ${name}`;
        },
      },
    }));
    const params = { model, tools, messages: user('Use weather and clock for "Bonn"') };
    const { chat } = openai();
    const runner = streamed
      ? chat.completions.runTools({ ...params, stream: true })
      : chat.completions.runTools(params);

    expect(await runner.finalContent()).toBe('The tool answered: the weather — the clock');
    expect(asked).toEqual(['weather of Bonn', 'clock of Bonn']);
    expect(runner.allChatCompletions().map(({ choices }) => choices[0]?.finish_reason)).toEqual(['tool_calls', 'stop']);
  });

  it('parses what fits a schema, plain and streamed', async () => {
    const params = { model, messages: user('Where? "Bonn"'), response_format: zodResponseFormat(place, 'place') };
    const plain = await openai().chat.completions.parse(params);
    expect(plain.choices[0]?.message.parsed).toEqual({ city: 'Bonn' });
    const streamed = await openai().chat.completions.stream(params).finalChatCompletion();
    expect(streamed.choices[0]?.message.parsed).toEqual({ city: 'Bonn' });
  });

  it('asks about images and documents, and nothing of them is left out', async () => {
    const { data, response } = await openai()
      .chat.completions.create({
        model,
        messages: [
          {
            role: 'user',
            content: [
              { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } },
              { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` } },
              { type: 'text', text: 'What are they?' },
            ],
          },
        ],
      })
      .withResponse();
    expect(data.choices[0]?.message.content).toContain('What are they?');
    expect(response.headers.get('x-parley-dropped')).toBeNull();
  });

  it('is told of thinking, and may give a thoughtful answer back as it came', async () => {
    const params = { model, reasoning_effort: 'high' as const };
    const first = await openai().chat.completions.create({ ...params, messages: question });
    expect(first.usage?.completion_tokens_details?.reasoning_tokens).toBeGreaterThan(0);
    const [choice] = first.choices;
    const messages = [...question, choice?.message, ...question].filter((one) => one !== undefined);
    const next = await openai()
      .chat.completions.create({ ...params, messages })
      .withResponse();
    expect(next.data.choices[0]?.message.content).toContain('This is turn 2');
    expect(next.response.headers.get('x-parley-dropped')).toBeNull();
  });

  it('gets an answer of 1 MB whole, plain and streamed', async () => {
    const params = { model, max_completion_tokens: 1_000_000, messages: user(`[offline: say="${megabyte}"]`) };
    const plain = await openai().chat.completions.create(params);
    expect(plain.choices[0]?.message.content === megabyte).toBe(true);
    const streamed = await openai().chat.completions.stream(params).finalContent();
    expect(streamed === megabyte).toBe(true);
  });
});

it('the official openai client finds what it asked before in the prompt cache, by its key', async () => {
  const rules = `Rules ${crypto.randomUUID()}`;
  const params = {
    model: `openai/${model}`,
    prompt_cache_key: rules,
    messages: [{ role: 'system' as const, content: rules }, ...question],
  };
  const cached = async () =>
    (await openai().chat.completions.create(params)).usage?.prompt_tokens_details?.cached_tokens;
  expect(await cached()).toBe(0);
  expect(await cached()).toBeGreaterThan(0);
});

type ErrorClass = new (...args: never[]) => Error;

describe('the official openai client raises the right class', () => {
  const ask = (params: object, key = demoKey) =>
    openai(key).chat.completions.create({ model, messages: question, ...params });

  it.each<[string, number, ErrorClass, () => Promise<unknown>]>([
    ['an unknown field', 400, OpenAI.BadRequestError, () => ask({ mood: 'good' })],
    ['a key that nobody has', 401, OpenAI.AuthenticationError, () => ask({}, 'ply_nobody')],
    [
      'a key without the permission',
      403,
      OpenAI.PermissionDeniedError,
      async () => ask({}, (await newKey({ permissions: ['usage:read'] })).key),
    ],
    ['a model that nobody serves', 404, OpenAI.NotFoundError, () => ask({ model: 'no-such-model' })],
    // OpenAI has no class of its own for 413.
    ['a body over the limit', 413, OpenAI.APIError, () => ask({ messages: user('x'.repeat(33 * 1024 * 1024)) })],
  ])('for %s', async (_, status, errorClass, asked) => {
    const error = await rejection(asked());
    expect(error).toBeInstanceOf(errorClass);
    expect(error).toMatchObject({ status, code: expect.any(String), type: expect.any(String) });
  });

  it.concurrent.each<[string, number, ErrorClass]>([
    ['400', 400, OpenAI.BadRequestError],
    ['401', 502, OpenAI.InternalServerError],
    ['402', 502, OpenAI.InternalServerError],
    ['404', 404, OpenAI.NotFoundError],
    ['409', 409, OpenAI.ConflictError],
    ['413', 413, OpenAI.APIError],
    ['422', 422, OpenAI.UnprocessableEntityError],
    ['429', 429, OpenAI.RateLimitError],
    ['500', 502, OpenAI.InternalServerError],
    ['529', 503, OpenAI.InternalServerError],
    ['garbage', 502, OpenAI.InternalServerError],
    ['nothing', 502, OpenAI.InternalServerError],
    ['hang', 504, OpenAI.InternalServerError],
  ])('for a provider that answers %s, plain and before a stream', async (fault, status, errorClass) => {
    const asked = [false, true].map((stream) => rejection(ask({ ...scripted(`fault=${fault}`), stream })));
    for (const error of await Promise.all(asked)) {
      expect(error).toBeInstanceOf(errorClass);
      expect(error).toMatchObject({ status });
    }
  });

  it.concurrent.each(['half-stream', 'short-stream', 'stalled-stream', 'error-event'])(
    'in a stream, after what was received, for a provider that gives %s',
    async (fault) => {
      const stream = await openai().chat.completions.create({ ...scripted(`fault=${fault}`), stream: true });
      let received = '';
      const read = async () => {
        for await (const chunk of stream) received += chunk.choices[0]?.delta.content ?? '';
      };
      await expect(read()).rejects.toThrow(OpenAI.APIError);
      expect(received).not.toBe('');
    },
  );

  it('for an answer that it does not wait for, or that is not wanted any more', async () => {
    const { completions } = new OpenAI({ baseURL: `${url}/v1`, apiKey: demoKey, maxRetries: 0, ...countingFetch() })
      .chat;
    const silent = scripted('fault=hang');
    await expect(completions.create(silent, { timeout: 200 })).rejects.toThrow(OpenAI.APIConnectionTimeoutError);
    const signal = AbortSignal.timeout(200);
    await expect(completions.create(silent, { signal })).rejects.toThrow(OpenAI.APIUserAbortError);
    const stream = completions.stream(scripted('deltas=1000 delay=20'));
    stream.on('content', () => stream.abort());
    await expect(stream.done()).rejects.toThrow(OpenAI.APIUserAbortError);
  });
});

describeRetries('openai', (script, fetch) =>
  new OpenAI({ baseURL: `${url}/v1`, apiKey: demoKey, fetch }).chat.completions.create(scripted(script)),
);
