import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { describe, expect, it } from '@jest/globals';
import {
  APICallError,
  embedMany,
  generateText,
  isStepCount,
  Output,
  RetryError,
  streamText,
  tool,
  type LanguageModel,
} from 'ai';
import { z } from 'zod';
import { demoKey, model, newKey, question, url } from './platform.js';
import { countingFetch, megabyte, pdf, png, rejection, scripted } from './questions.js';

interface Access {
  readonly apiKey?: string;
  readonly fetch?: typeof fetch;
}

const openai = ({ apiKey = demoKey, ...access }: Access = {}) =>
  createOpenAI({ baseURL: `${url}/v1`, apiKey, ...access });
const anthropic = ({ apiKey = demoKey, ...access }: Access = {}) =>
  createAnthropic({ baseURL: `${url}/v1`, apiKey, ...access });

/** Each surface that the SDK can speak to, with the provider that speaks another dialect behind it. */
const surfaces: readonly [name: string, vendor: string, (model: string, access?: Access) => LanguageModel][] = [
  ['OpenAI’s responses', 'anthropic', (model, access) => openai(access)(model)],
  ['OpenAI’s chat completions', 'anthropic', (model, access) => openai(access).chat(model)],
  ['Anthropic’s messages', 'openai', (model, access) => anthropic(access)(model)],
];

/** Nothing is stored between two calls, so that the SDK has to send all that was said; each provider reads its own. */
const providerOptions = { openai: { store: false } };
const user = (content: string) => [{ role: 'user' as const, content }];
const place = z.object({ city: z.string() });

describe.each(surfaces)('Vercel’s AI SDK, speaking %s to a provider of the other vendor,', (_, vendor, on) => {
  const asking = { model: on(`${vendor}/${model}`), maxRetries: 0, maxOutputTokens: 2_000, providerOptions };

  it('gets the same text and usage plain and streamed', async () => {
    const plain = await generateText({ ...asking, messages: question, instructions: 'Be brief.' });
    expect(plain.text).toContain('How far is the moon?');
    expect(plain.finishReason).toBe('stop');
    expect(Math.min(plain.usage.inputTokens ?? 0, plain.usage.outputTokens ?? 0)).toBeGreaterThan(0);

    const stream = streamText({ ...asking, messages: question, instructions: 'Be brief.' });
    const deltas = await Array.fromAsync(stream.textStream);
    expect(deltas.length).toBeGreaterThan(1);
    expect(deltas.join('')).toBe(plain.text);
    expect([(await stream.usage).inputTokens, (await stream.usage).outputTokens]).toEqual([
      plain.usage.inputTokens,
      plain.usage.outputTokens,
    ]);
  });

  it('runs tools in parallel and goes on with their results, plain and streamed', async () => {
    const asked: string[] = [];
    const named = (name: string) =>
      tool({
        description: `The ${name} of a city`,
        inputSchema: place,
        execute: ({ city }) => {
          asked.push(`${name} of ${city}`);
          return `the ${name}`;
        },
      });
    const tools = { weather: named('weather'), clock: named('clock') };
    const params = { ...asking, tools, stopWhen: isStepCount(3), messages: user('Use weather and clock for "Bonn"') };

    const plain = await generateText(params);
    const streamed = await streamText(params).text;

    expect(plain.steps.map(({ toolCalls }) => toolCalls.length)).toEqual([2, 0]);
    expect([plain.text, streamed]).toEqual(Array(2).fill('The tool answered: the weather — the clock'));
    expect(asked).toEqual([1, 2].flatMap(() => ['weather of Bonn', 'clock of Bonn']));
  });

  it('parses what fits a schema, plain and streamed', async () => {
    const params = { ...asking, output: Output.object({ schema: place }), messages: user('Where? "Bonn"') };
    expect((await generateText(params)).output).toEqual({ city: 'Bonn' });
    expect(await streamText(params).output).toEqual({ city: 'Bonn' });
  });

  it('asks about images and documents', async () => {
    const content = [
      { type: 'file' as const, mediaType: 'image/png', data: png },
      { type: 'file' as const, mediaType: 'application/pdf', data: pdf, filename: 'a.pdf' },
      { type: 'text' as const, text: 'What are they?' },
    ];
    const { text, warnings, finalStep } = await generateText({ ...asking, messages: [{ role: 'user', content }] });
    expect(text).toContain('What are they?');
    expect(warnings).toEqual([]);
    // The SDK sends Anthropic's name of a beta with every PDF, which says nothing to another provider.
    expect(['betas', undefined]).toContain(finalStep.response.headers?.['x-parley-dropped']);
  });

  it('gets an answer of 1 MB whole, plain and streamed', async () => {
    const params = { ...asking, maxOutputTokens: 1_000_000, messages: user(`[offline: say="${megabyte}"]`) };
    expect((await generateText(params)).text === megabyte).toBe(true);
    expect((await streamText(params).text) === megabyte).toBe(true);
  });

  it.concurrent.each([
    ['400', 400, false],
    ['401', 502, true],
    ['404', 404, false],
    ['409', 409, true],
    ['413', 413, false],
    ['422', 422, false],
    ['429', 429, true],
    ['500', 502, true],
    ['529', 503, true],
    ['garbage', 502, true],
    ['hang', 504, true],
  ])(
    'raises APICallError for a provider that answers %s, plain and before a stream',
    async (fault, statusCode, isRetryable) => {
      const asked = () => {
        const { model, messages } = scripted(`fault=${fault}`, vendor);
        return { ...asking, model: on(model), messages };
      };
      const errors: unknown[] = [];
      const stream = streamText({ ...asked(), onError: ({ error }) => void errors.push(error) });
      const [plain] = await Promise.all([rejection(generateText(asked())), stream.consumeStream()]);
      for (const error of [plain, ...errors]) {
        expect(APICallError.isInstance(error)).toBe(true);
        expect(error).toMatchObject({ statusCode, isRetryable, message: expect.stringMatching(/\S/) });
      }
      expect(errors).toHaveLength(1);
    },
  );

  it.concurrent.each(['half-stream', 'short-stream', 'stalled-stream', 'error-event'])(
    'is told of the error after what was received, by a provider that gives %s',
    async (fault) => {
      const { model, messages } = scripted(`fault=${fault}`, vendor);
      const stream = streamText({ ...asking, model: on(model), messages, onError: () => undefined });
      const parts = await Array.fromAsync(stream.stream);
      const types = parts.map(({ type }) => type);
      expect(types).toContain('text-delta');
      expect(types.indexOf('error')).toBeGreaterThan(types.lastIndexOf('text-delta'));
    },
  );

  it('waits as long as it is told to, or as the answer is wanted', async () => {
    const { model, messages } = scripted('fault=hang', vendor);
    const silent = { ...asking, model: on(model), messages };
    expect(await rejection(generateText({ ...silent, timeout: 200 }))).toMatchObject({ name: 'TimeoutError' });
    const leaving = new AbortController();
    const answer = rejection(generateText({ ...silent, abortSignal: leaving.signal }));
    leaving.abort();
    expect(await answer).toMatchObject({ name: 'AbortError' });
  });

  it('retries what may pass, and counts what it tried', async () => {
    const { sent, fetch } = countingFetch();
    const ask = (fault: string) => {
      const { model, messages } = scripted(`fault=${fault}`, vendor);
      return generateText({ ...asking, model: on(model, { fetch }), messages, maxRetries: 1 });
    };
    expect((await ask('once-429')).text).not.toBe('');
    expect(sent.count).toBe(2);
    const failure = await rejection(ask('429'));
    expect(RetryError.isInstance(failure)).toBe(true);
    expect(failure).toMatchObject({ reason: 'maxRetriesExceeded', errors: [{ statusCode: 429 }, { statusCode: 429 }] });
    expect(sent.count).toBe(4);
    expect(await rejection(ask('422'))).toMatchObject({ statusCode: 422 });
    expect(sent.count).toBe(5);
  });
});

describe('Vercel’s AI SDK', () => {
  it.each<[string, LanguageModel, NonNullable<Parameters<typeof generateText>[0]['providerOptions']>]>([
    [
      'OpenAI’s responses',
      openai()(`anthropic/${model}`),
      { openai: { store: false, forceReasoning: true, reasoningEffort: 'high', reasoningSummary: 'auto' } },
    ],
    [
      'Anthropic’s messages',
      anthropic()(`anthropic/${model}`),
      { anthropic: { thinking: { type: 'enabled', budgetTokens: 2_000 } } },
    ],
  ])('shows what was thought, and gives it back whole, in %s', async (_, model, providerOptions) => {
    const asked = { model, providerOptions, maxRetries: 0, maxOutputTokens: 4_000 };
    const plain = await generateText({ ...asked, messages: question });
    expect(plain.finalStep.reasoningText).toMatch(/\S/);
    const streamed = streamText({ ...asked, messages: question });
    const step = await streamed.finalStep;
    expect(step.reasoningText).toBe(plain.finalStep.reasoningText);
    expect(step.usage.outputTokenDetails.reasoningTokens).toBeGreaterThan(0);

    const messages = [...question, ...step.response.messages, ...question];
    const next = await generateText({ ...asked, messages });
    expect(next.text).toContain('This is turn 2');
    expect([next.warnings, next.finalStep.response.headers?.['x-parley-dropped']]).toEqual([[], undefined]);
  });

  it('finds what it marked in the prompt cache, and is told what was written and read', async () => {
    const cacheControl = { type: 'ephemeral' };
    const rules = {
      role: 'system' as const,
      content: `Rules ${crypto.randomUUID()}`,
      providerOptions: { anthropic: { cacheControl } },
    };
    const ask = async () =>
      (
        await generateText({
          model: anthropic()(`anthropic/${model}`),
          instructions: rules,
          messages: question,
          maxOutputTokens: 2_000,
        })
      ).usage.inputTokenDetails;
    const [first, second] = [await ask(), await ask()];
    expect(first.cacheWriteTokens).toBeGreaterThan(0);
    expect(second).toMatchObject({ cacheWriteTokens: 0, cacheReadTokens: first.cacheWriteTokens });
  });

  it('gets the vectors of many texts', async () => {
    const values = ['sun', 'moon', 'stars'];
    const { embeddings, usage } = await embedMany({ model: openai().embedding('text-embedding-3-small'), values });
    expect(embeddings.map((vector) => vector.length > 1)).toEqual([true, true, true]);
    expect(usage.tokens).toBeGreaterThan(0);
  });

  it.each<[string, number, () => Promise<Access & { readonly model?: string }>]>([
    ['a key that nobody has', 401, () => Promise.resolve({ apiKey: 'ply_nobody' })],
    [
      'a key without the permission',
      403,
      async () => ({ apiKey: (await newKey({ permissions: ['usage:read'] })).key }),
    ],
    ['a model that nobody serves', 404, () => Promise.resolve({ model: 'no-such-model' })],
  ])('raises APICallError for %s, on every surface', async (_, statusCode, access) => {
    const { model: name = model, ...rest } = await access();
    for (const [, , on] of surfaces) {
      const error = await rejection(generateText({ model: on(name, rest), messages: question, providerOptions }));
      expect(APICallError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({ statusCode, isRetryable: false });
    }
  });
});
