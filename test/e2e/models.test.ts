import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from '@jest/globals';
import OpenAI from 'openai';
import { anthropic, call, demoKey, newKey, openai } from './platform.js';

interface Described {
  readonly id: string;
  readonly [fact: string]: unknown;
  readonly sources: readonly { readonly from: string; readonly url?: string; readonly as_of?: string }[];
}

async function capabilities(query = '', key = demoKey): Promise<readonly Described[]> {
  const answer = await call('GET', `/v1/models/capabilities${query}`, { key });
  expect(answer.status).toBe(200);
  return answer.json()['data'] as Described[];
}

describe('the capabilities of models', () => {
  it('are told of every model that is listed', async () => {
    const listed: string[] = [];
    for await (const { id } of openai().models.list()) listed.push(id);
    const described = (await capabilities()).map(({ id }) => id);
    expect(new Set(described)).toEqual(new Set(listed));
  });

  it('are facts of the provider’s list and of a dated page, and say which', async () => {
    const [claude] = await capabilities('?model=claude-sonnet-5-5');
    expect(claude).toMatchObject({
      provider: 'anthropic',
      context_window: 200_000,
      max_output_tokens: 64_000,
      input: ['text', 'image', 'document'],
      tools: true,
      thinking: true,
      caching: true,
      embeddings: false,
      dialects: ['chat_completions', 'messages', 'responses'],
    });
    expect(claude?.sources.map(({ from }) => from)).toEqual(['provider', 'shipped']);
    expect(claude?.sources[1]).toMatchObject({
      url: expect.stringContaining('https://'),
      as_of: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    });
  });

  it('of a model that nobody describes are null, and not guessed', async () => {
    const [unknown] = await capabilities('?model=openai/offline-small');
    expect(unknown).toMatchObject({ context_window: null, tools: null, embeddings: null, sources: [] });
  });

  it('of a model for embeddings, and of the circle, say what it cannot do', async () => {
    const [vectors] = await capabilities('?model=text-embedding-3-small');
    expect(vectors).toMatchObject({ embeddings: true, output: [], dialects: ['embeddings'] });
    const [circle] = await capabilities('?model=circle');
    expect(circle).toMatchObject({ input: ['text'], tools: false, embeddings: false });
  });

  it('are those of the models that a key may ask', async () => {
    const { key } = await newKey({ models: ['gpt-4o'] });
    expect((await capabilities('', key)).map(({ id }) => id)).toEqual(['gpt-4o']);
    const refused = await call('GET', '/v1/models/capabilities?model=gpt-5.4', { key });
    expect([refused.status, refused.json()]).toMatchObject([403, { error: { code: 'model.not_allowed' } }]);
  });

  it('of a model that is not there are 404, and of a query that is not known 400', async () => {
    expect((await call('GET', '/v1/models/capabilities?model=none', { key: demoKey })).status).toBe(404);
    expect((await call('GET', '/v1/models/capabilities?of=none', { key: demoKey })).status).toBe(400);
  });
});

describe('a provider by name', () => {
  it.each(['alpha/offline-small', 'beta/offline-small', 'gamma/offline-small'])(
    'answers as %s, in both dialects',
    async (model) => {
      const messages = [{ role: 'user' as const, content: 'Hello' }];
      const chat = await openai().chat.completions.create({ model, messages });
      const message = await anthropic().messages.create({ model, messages, max_tokens: 500 });
      const [first] = message.content;
      expect(chat.choices[0]?.message.content).toBe(first?.type === 'text' ? first.text : undefined);
    },
  );

  it('serves the models of its entry and no other', async () => {
    const ask = (model: string) =>
      openai().chat.completions.create({ model, messages: [{ role: 'user', content: 'Hello' }] });
    await expect(ask('beta/gpt-4o')).rejects.toThrow(OpenAI.NotFoundError);
    expect((await ask('beta/offline-large')).choices).toHaveLength(1);
  });
});

describe('the models, to Anthropic’s client', () => {
  it('are listed page by page, and read one by one', async () => {
    const ids: string[] = [];
    for await (const { id, type } of anthropic().models.list({ limit: 2 })) {
      expect(type).toBe('model');
      ids.push(id);
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('claude-sonnet-5-5');
    const info = await anthropic().models.retrieve('claude-sonnet-5-5');
    expect(info).toMatchObject({ max_input_tokens: 200_000, capabilities: { thinking: { supported: true } } });
    expect(await anthropic().models.retrieve('gpt-4o')).toMatchObject({
      max_input_tokens: 128_000,
      capabilities: null,
    });
  });

  it('are refused with errors in its shape, whoever refuses: edge, guard or controller', async () => {
    const shape = (type: string) => ({ error: { type: 'error', error: { type, message: expect.any(String) } } });
    const { key } = await newKey({ permissions: ['completions:create'] });
    await expect(anthropic('ply_wrong').models.list()).rejects.toMatchObject(shape('authentication_error'));
    await expect(anthropic('ply_wrong').models.list()).rejects.toThrow(Anthropic.AuthenticationError);
    await expect(anthropic(key).models.list()).rejects.toThrow(Anthropic.PermissionDeniedError);
    await expect(anthropic(key).models.list()).rejects.toMatchObject(shape('permission_error'));
    await expect(anthropic().models.retrieve('none')).rejects.toThrow(Anthropic.NotFoundError);
    await expect(anthropic().models.retrieve('none')).rejects.toMatchObject(shape('not_found_error'));
    await expect(anthropic().models.list({ limit: 0 })).rejects.toThrow(Anthropic.BadRequestError);
    await expect(anthropic().models.list({ limit: 0 })).rejects.toMatchObject(shape('invalid_request_error'));
  });

  it('take other methods with 405 in the shape of the client that asks', async () => {
    const version = { 'anthropic-version': '2023-06-01' };
    const theirs = await call('DELETE', '/v1/models/gpt-4o', { key: demoKey, headers: version });
    expect([theirs.status, theirs.json()]).toMatchObject([405, { type: 'error' }]);
    const others = await call('DELETE', '/v1/models/gpt-4o', { key: demoKey });
    expect([others.status, others.json()]).toMatchObject([405, { error: { code: 'request.method_not_allowed' } }]);
  });
});
