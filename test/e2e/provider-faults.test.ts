import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { anthropic, call, demoKey, model, openai } from './platform.js';

/** A model that fails as it is told to, see tools/offline-model: each of its own, or the breaker of one would open at some point. */
const faulty = (fault: string) => ({
  model: `anthropic/offline-${crypto.randomUUID()}`,
  messages: [{ role: 'user' as const, content: `[offline: fault=${fault}] How far is the moon?` }],
});

interface Expected {
  readonly status: number;
  readonly openai: new (...args: never[]) => Error;
  readonly anthropic: new (...args: never[]) => Error;
}

const server = { openai: OpenAI.InternalServerError, anthropic: Anthropic.InternalServerError };

/** What a caller meets: our provider key is not the caller's fault, a limit and a bad request are passed on as such. */
const faults: Record<string, Expected> = {
  400: { status: 400, openai: OpenAI.BadRequestError, anthropic: Anthropic.BadRequestError },
  401: { status: 502, ...server },
  429: { status: 429, openai: OpenAI.RateLimitError, anthropic: Anthropic.RateLimitError },
  500: { status: 502, ...server },
  529: { status: 503, ...server },
  garbage: { status: 502, ...server },
  nothing: { status: 502, ...server },
  hang: { status: 504, ...server },
};

const chat = (fault: string, stream = false) => ({ ...faulty(fault), stream }) as const;
const message = (fault: string) => ({ ...faulty(fault), max_tokens: 50 });

describe.each(Object.entries(faults))('a provider that answers %s', (fault, expected) => {
  it(`is ${expected.status} in OpenAI's shape, and the SDK's right class`, async () => {
    const answer = await call('POST', '/v1/chat/completions', { key: demoKey, body: chat(fault) });
    expect({ status: answer.status, body: answer.text }).toMatchObject({ status: expected.status });
    expect(answer.json()).toMatchObject({ error: { message: expect.any(String), code: expect.any(String) } });
    await expect(openai().chat.completions.create(chat(fault))).rejects.toThrow(expected.openai);
  });

  it(`is ${expected.status} in Anthropic's shape, and the SDK's right class`, async () => {
    const answer = await call('POST', '/v1/messages', { key: demoKey, body: message(fault) });
    expect(answer.status).toBe(expected.status);
    expect(answer.json()).toMatchObject({
      type: 'error',
      error: { type: expect.any(String), message: expect.any(String) },
    });
    await expect(anthropic().messages.create(message(fault))).rejects.toThrow(expected.anthropic);
  });

  it('is the same error before a stream has begun', async () => {
    const answer = await call('POST', '/v1/chat/completions', { key: demoKey, body: chat(fault, true) });
    expect(answer.status).toBe(expected.status);
  });
});

describe.each(['half-stream', 'short-stream', 'stalled-stream'])('a provider that gives %s', (fault) => {
  it('ends the stream with an error that the openai SDK raises, after what was received', async () => {
    const stream = await openai().chat.completions.create({ ...chat(fault), stream: true });
    let received = '';
    const read = async () => {
      for await (const chunk of stream) received += chunk.choices[0]?.delta.content ?? '';
    };
    await expect(read()).rejects.toThrow(OpenAI.APIError);
    expect(received).not.toBe('');
  });

  it('ends the stream with an error that the Anthropic SDK raises', async () => {
    await expect(anthropic().messages.stream(message(fault)).finalMessage()).rejects.toThrow(Anthropic.APIError);
  });
});

it('the wait that a provider asks for is passed on', async () => {
  const body = { model, messages: [{ role: 'user', content: '[offline: fault=429 retry-after=7] hello' }] };
  const answer = await call('POST', '/v1/chat/completions', { key: demoKey, body });
  expect(answer.status).toBe(429);
  expect(answer.headers.get('retry-after')).toBe('7');
});

it('a fault that passes is not seen: the call is made again before the first byte', async () => {
  const body = { model, messages: [{ role: 'user', content: `[offline: fault=once-500] ${crypto.randomUUID()}` }] };
  expect((await call('POST', '/v1/chat/completions', { key: demoKey, body })).status).toBe(200);
});
