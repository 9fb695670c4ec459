import AnthropicSdk from '@anthropic-ai/sdk';
import { describe, expect, it } from '@jest/globals';
import OpenAiSdk from 'openai';
import { anthropic, call, demoKey, login, model, openai, question } from './platform.js';

describe('the official openai client, given base URL and key only', () => {
  it('gets a plain completion with its usage', async () => {
    const answer = await openai().chat.completions.create({ model, messages: question });
    expect(answer.object).toBe('chat.completion');
    expect(answer.choices[0]?.message.content).toEqual(expect.stringMatching(/\S/));
    expect(answer.choices[0]?.finish_reason).toBe('stop');
    expect(answer.usage?.prompt_tokens).toBeGreaterThan(0);
    expect(answer.usage?.completion_tokens).toBeGreaterThan(0);
  });

  it('gets the same text streamed, with usage when it asks for it', async () => {
    const plain = await openai().chat.completions.create({ model, messages: question });
    const stream = await openai().chat.completions.create({
      model,
      messages: question,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let usage: OpenAiSdk.CompletionUsage | null | undefined;
    let deltas = 0;
    for await (const chunk of stream) {
      const delta = chunk.choices[0]?.delta.content;
      if (typeof delta === 'string' && delta !== '') deltas += 1;
      text += delta ?? '';
      usage = chunk.usage ?? usage;
    }
    expect(text).toBe(plain.choices[0]?.message.content);
    expect(deltas).toBeGreaterThan(1);
    expect(usage).toMatchObject({
      prompt_tokens: plain.usage?.prompt_tokens,
      completion_tokens: plain.usage?.completion_tokens,
    });
  });

  it('lists models, reads one, and gets NotFoundError for one that does not exist', async () => {
    const ids: string[] = [];
    for await (const each of openai().models.list()) ids.push(each.id);
    expect(ids).toContain(model);
    expect(await openai().models.retrieve(model)).toMatchObject({ id: model, object: 'model' });
    await expect(openai().models.retrieve('no-such-model')).rejects.toThrow(OpenAiSdk.NotFoundError);
  });

  it('is answered with an access token as well as with an API key', async () => {
    const { access_token } = await login();
    const answer = await openai(access_token).chat.completions.create({ model, messages: question });
    expect(answer.choices).toHaveLength(1);
  });
});

describe('the official Anthropic client, given base URL and key only', () => {
  it('gets a plain message with its usage', async () => {
    const answer = await anthropic().messages.create({ model, max_tokens: 200, messages: question });
    expect(answer.type).toBe('message');
    expect(answer.content[0]).toMatchObject({ type: 'text', text: expect.stringMatching(/\S/) });
    expect(answer.stop_reason).toBe('end_turn');
    expect(answer.usage.input_tokens).toBeGreaterThan(0);
    expect(answer.usage.output_tokens).toBeGreaterThan(0);
  });

  it('assembles the same message from the stream', async () => {
    const plain = await anthropic().messages.create({ model, max_tokens: 200, messages: question });
    const streamed = await anthropic().messages.stream({ model, max_tokens: 200, messages: question }).finalMessage();
    expect(streamed.content).toEqual(plain.content);
    expect(streamed.stop_reason).toBe(plain.stop_reason);
    expect(streamed.usage.output_tokens).toBe(plain.usage.output_tokens);
  });

  it('counts the tokens of a message as its answer then reports them', async () => {
    const params = { model: `anthropic/${model}`, system: 'Be brief.', messages: question };
    const { input_tokens } = await anthropic().messages.countTokens(params);
    const answer = await anthropic().messages.create({ ...params, max_tokens: 200 });
    expect(input_tokens).toBeGreaterThan(0);
    expect(input_tokens).toBe(answer.usage.input_tokens);
  });

  it('gets BadRequestError for a count that the provider cannot give, and for a field that has no length', async () => {
    const uncounted = anthropic().messages.countTokens({ model: `openai/${model}`, messages: question });
    await expect(uncounted).rejects.toThrow(AnthropicSdk.BadRequestError);
    await expect(uncounted).rejects.toThrow(/model\.cannot_count/);
    const body = { model, max_tokens: 9, messages: question };
    const refused = await call('POST', '/v1/messages/count_tokens', { key: demoKey, body });
    expect(refused.status).toBe(400);
    expect(refused.json()).toMatchObject({ type: 'error', error: { message: expect.stringContaining('max_tokens') } });
  });

  it.each([
    ['429', AnthropicSdk.RateLimitError],
    ['401', AnthropicSdk.InternalServerError],
    ['529', AnthropicSdk.InternalServerError],
    ['garbage', AnthropicSdk.InternalServerError],
    ['hang', AnthropicSdk.InternalServerError],
  ])('gets the right class for a count that the provider answers with %s', async (fault, errorClass) => {
    const counted = anthropic().messages.countTokens({
      model: `anthropic/offline-fault-${fault}`,
      messages: question,
    });
    await expect(counted).rejects.toThrow(errorClass);
  });

  it('lists models in its own shape and reads one', async () => {
    const ids: string[] = [];
    for await (const each of anthropic().models.list()) ids.push(each.id);
    expect(ids).toContain(model);
    expect(await anthropic().models.retrieve(model)).toMatchObject({ id: model, type: 'model' });
    const unknown = anthropic().models.retrieve('no-such-model');
    await expect(unknown).rejects.toThrow(AnthropicSdk.NotFoundError);
    await expect(unknown).rejects.toMatchObject({ type: 'not_found_error' });
  });
});

describe('an error on the path that both vendors have', () => {
  const asked: readonly (readonly [
    what: string,
    method: string,
    path: string,
    key: string | undefined,
    status: number,
  ])[] = [
    ['without a credential, refused at the edge', 'GET', '/v1/models', undefined, 401],
    ['for a model that does not exist', 'GET', '/v1/models/no-such-model', demoKey, 404],
    ['for a method that the path does not take', 'POST', '/v1/models', demoKey, 405],
    ['for a query that it does not know', 'GET', '/v1/models?surprise=1', demoKey, 400],
  ];

  it.each(asked)('%s is in the shape of the client that asks', async (_, method, path, key, status) => {
    const headers = { 'anthropic-version': '2023-06-01' };
    const anthropicAnswer = await call(method, path, { key, headers });
    const openaiAnswer = await call(method, path, { key });
    expect([anthropicAnswer.status, openaiAnswer.status]).toEqual([status, status]);
    expect(anthropicAnswer.json()).toMatchObject({ type: 'error', error: { type: expect.any(String) } });
    expect(openaiAnswer.json()).toMatchObject({ error: { code: expect.any(String) } });
  });
});

describe('answers', () => {
  it('carry the request id that the caller gave, or a fresh one', async () => {
    const named = await call('GET', '/v1/models', { key: demoKey, headers: { 'x-request-id': 'from-a-test-1' } });
    expect(named.headers.get('x-request-id')).toBe('from-a-test-1');
    const unnamed = await call('GET', '/v1/models', { key: demoKey });
    expect(unnamed.headers.get('x-request-id')).toMatch(/\S{8}/);
  });

  it('carry the state of the limit', async () => {
    const answer = await call('GET', '/v1/models', { key: demoKey });
    expect(Number(answer.headers.get('x-ratelimit-limit-requests'))).toBe(1_000_000);
    expect(Number(answer.headers.get('x-ratelimit-remaining-requests'))).toBeLessThan(1_000_000);
    expect(answer.headers.get('x-ratelimit-reset-requests')).toMatch(/^[\d.]+(ms|s|m\d*)/);
  });
});
