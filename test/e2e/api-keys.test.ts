import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from '@jest/globals';
import { mintApiKey } from '@parley/identity';
import { eventually } from '@parley/testing';
import OpenAI from 'openai';
import { anthropic, call, login, model, newKey, openai, question } from './platform.js';

const chat = { model, messages: question };
const message = { model, max_tokens: 200, messages: question };
/** A stream that takes three seconds. */
const slow = [{ role: 'user' as const, content: '[offline: deltas=60 delay=50]' }];

describe('a key for some models', () => {
  const other = 'offline-large';

  it('asks those, in either dialect', async () => {
    const { key } = await newKey({ models: [model] });

    expect((await openai(key).chat.completions.create(chat)).choices).toHaveLength(1);
    expect((await anthropic(key).messages.create(message)).type).toBe('message');
  });

  it('gets PermissionDeniedError from any other, plain and streamed, by whatever name', async () => {
    const { key } = await newKey({ models: [model] });

    for (const asked of [other, `anthropic/${model}`, 'no-such-model'])
      for (const stream of [false, true]) {
        const refused = openai(key).chat.completions.create({ ...chat, model: asked, stream });
        await expect(refused).rejects.toThrow(OpenAI.PermissionDeniedError);
        await expect(refused).rejects.toMatchObject({ code: 'model.not_allowed', param: 'model' });
        const refusedToo = anthropic(key).messages.create({ ...message, model: asked, stream });
        await expect(refusedToo).rejects.toThrow(Anthropic.PermissionDeniedError);
        await expect(refusedToo).rejects.toMatchObject({ type: 'permission_error' });
      }
    const counted = anthropic(key).messages.countTokens({ model: `anthropic/${model}`, messages: question });
    await expect(counted).rejects.toThrow(Anthropic.PermissionDeniedError);
  });

  it('finds them alone in the list of models', async () => {
    const { key } = await newKey({ models: [model, 'circle'] });
    const [ids, theirs]: [string[], string[]] = [[], []];
    for await (const { id } of openai(key).models.list()) ids.push(id);
    for await (const { id } of anthropic(key).models.list()) theirs.push(id);

    expect(ids).toEqual([model, 'circle']);
    expect(theirs).toEqual(ids);
    expect(await openai(key).models.retrieve(model)).toMatchObject({ id: model });
    await expect(openai(key).models.retrieve(other)).rejects.toThrow(OpenAI.PermissionDeniedError);
    await expect(anthropic(key).models.retrieve(other)).rejects.toThrow(Anthropic.PermissionDeniedError);
  });

  it('asks the circle where it is one of them, whose experts then answer with the others', async () => {
    const { key } = await newKey({ models: ['circle', model] });

    const answer = await openai(key).chat.completions.create({ ...chat, model: 'circle' });

    expect(answer.model).toBe('circle');
    await expect(
      openai((await newKey({ models: [model] })).key).chat.completions.create({ ...chat, model: 'circle' }),
    ).rejects.toThrow(OpenAI.PermissionDeniedError);
    const alone = openai((await newKey({ models: ['circle'] })).key);
    await expect(alone.chat.completions.create({ ...chat, model: 'circle' })).rejects.toMatchObject({
      status: 403,
      code: 'model.not_allowed',
    });
    const queries = await call('GET', '/v1/experts/queries', { key });
    const [query] = queries.json()['data'] as { answers: { model: string }[] }[];
    expect(new Set(query?.answers.map((one) => one.model))).toEqual(new Set([model]));
  });

  it('opens no turn of a session for another', async () => {
    const { key } = await newKey({ models: [model] });
    const session = String((await call('POST', '/v1/sessions', { key, body: {} })).json()['id']);
    const headers = { 'x-parley-session': session };

    const refused = openai(key).chat.completions.create({ ...chat, model: other }, { headers });

    await expect(refused).rejects.toThrow(OpenAI.PermissionDeniedError);
    expect((await call('GET', `/v1/sessions/${session}/messages`, { key })).json()['data']).toEqual([]);
  });
});

describe('tokens per minute', () => {
  it('are charged with what an answer really used, and told in OpenAI’s headers', async () => {
    const { key } = await newKey({ tokens_per_minute: 100_000 });
    const ask = () => openai(key).chat.completions.create(chat).withResponse();

    const { data, response } = await ask();
    const used = data.usage?.total_tokens ?? 0;
    const next = await ask();

    expect(used).toBeGreaterThan(0);
    const told = [response, next.response].map(({ headers }) => Number(headers.get('x-ratelimit-remaining-tokens')));
    expect(told).toEqual([100_000 - used, 100_000 - 2 * used]);
    expect(response.headers.get('x-ratelimit-limit-tokens')).toBe('100000');
    expect(response.headers.get('x-ratelimit-reset-tokens')).toMatch(/^[\d.]+(ms|s|m\d*)/);
  });

  it('are charged with what a stream really used, and told in Anthropic’s headers', async () => {
    const { key } = await newKey({ tokens_per_minute: 100_000 });
    const streamed = await anthropic(key)
      .messages.create({ ...message, stream: true })
      .withResponse();
    let used = 0;
    for await (const event of streamed.data) {
      if (event.type === 'message_start') used += event.message.usage.input_tokens;
      if (event.type === 'message_delta') used += event.usage.output_tokens;
    }

    const { data, response } = await anthropic(key).messages.create(message).withResponse();

    const { input_tokens, output_tokens } = data.usage;
    const remaining = 100_000 - used - input_tokens - output_tokens;
    expect(streamed.response.headers.get('anthropic-ratelimit-tokens-remaining')).toBe('100000');
    expect(response.headers.get('anthropic-ratelimit-tokens-remaining')).toBe(String(remaining));
    expect(response.headers.get('anthropic-ratelimit-tokens-limit')).toBe('100000');
    const reset = Date.parse(String(response.headers.get('anthropic-ratelimit-tokens-reset')));
    expect(reset - Date.now()).toBeLessThanOrEqual(60_000);
  });

  it('count a token once that is written to a cache, and once each time it is read from it', async () => {
    const { key } = await newKey({ tokens_per_minute: 100_000 });
    const text = `${crypto.randomUUID()} ${'A long text to keep. '.repeat(400)}`;
    const system = [{ type: 'text' as const, text, cache_control: { type: 'ephemeral' as const } }];
    const ask = () =>
      anthropic(key)
        .messages.create({ ...message, model: `anthropic/${model}`, system })
        .withResponse();

    const answers = [await ask(), await ask()];

    let left = 100_000;
    for (const { data, response } of answers) {
      const { usage } = data;
      left -= usage.input_tokens + usage.output_tokens;
      left -= (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0);
      expect(response.headers.get('anthropic-ratelimit-tokens-remaining')).toBe(String(left));
    }
    expect(answers.map(({ data }) => (data.usage.cache_read_input_tokens ?? 0) > 0)).toEqual([false, true]);
  });

  it.each(['plain', 'streamed'])('used up by a %s answer are RateLimitError with the time to wait', async (how) => {
    const { key } = await newKey({ tokens_per_minute: 1 });
    if (how === 'plain') await openai(key).chat.completions.create(chat);
    else await openai(key).chat.completions.stream(chat).finalChatCompletion();

    const refusal: unknown = await openai(key)
      .chat.completions.create(chat)
      .catch((error: unknown) => error);
    await expect(anthropic(key).messages.create(message)).rejects.toThrow(Anthropic.RateLimitError);

    expect(refusal).toBeInstanceOf(OpenAI.RateLimitError);
    const { code, headers } = refusal as InstanceType<typeof OpenAI.RateLimitError>;
    expect(code).toBe('rate_limit_exceeded');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(30);
    expect(headers.get('x-ratelimit-remaining-tokens')).toBe('0');
  });

  it('are charged with the experts’ calls, and not with the circle’s answer besides', async () => {
    const { key } = await newKey({ tokens_per_minute: 1_000_000 });
    const circle = await openai(key).chat.completions.create({ ...chat, model: 'circle' });
    const after = await openai(key).chat.completions.create(chat).withResponse();

    const used = (circle.usage?.total_tokens ?? 0) + (after.data.usage?.total_tokens ?? 0);
    expect(after.response.headers.get('x-ratelimit-remaining-tokens')).toBe(String(1_000_000 - used));
  });

  it('are no business of a key without such a limit', async () => {
    const { response } = await openai((await newKey()).key)
      .chat.completions.create(chat)
      .withResponse();

    expect([...response.headers.keys()].filter((name) => name.endsWith('tokens'))).toEqual([]);
  });
});

describe('concurrent streams', () => {
  it('beyond the limit are RateLimitError, until one of them ends', async () => {
    const { key } = await newKey({ concurrent_streams: 1 });
    const stream = await openai(key).chat.completions.create({ model, messages: slow, stream: true });

    await expect(openai(key).chat.completions.create({ ...chat, stream: true })).rejects.toThrow(OpenAI.RateLimitError);
    await expect(anthropic(key).messages.create({ ...message, stream: true })).rejects.toThrow(
      Anthropic.RateLimitError,
    );
    expect((await openai(key).chat.completions.create(chat)).choices).toHaveLength(1);

    expect((await Array.fromAsync(stream)).length).toBeGreaterThan(1);
    const after = await openai(key).chat.completions.stream(chat).finalChatCompletion();
    expect(after.choices).toHaveLength(1);
  });

  it('that a client leaves make room for the next', async () => {
    const { key } = await newKey({ concurrent_streams: 1 });
    const left = await openai(key).chat.completions.create({ model, messages: slow, stream: true });
    left.controller.abort();

    await eventually(async () => {
      const next = await openai(key).chat.completions.stream(chat).finalChatCompletion();
      expect(next.choices).toHaveLength(1);
    });
  });

  it('that fail before they begin take no room', async () => {
    const { key } = await newKey({ concurrent_streams: 1 });
    const failing = { ...chat, model: 'anthropic/offline-fault-500', stream: true } as const;
    for (let call = 0; call < 3; call++)
      await expect(openai(key).chat.completions.create(failing)).rejects.toThrow(OpenAI.InternalServerError);

    expect((await openai(key).chat.completions.stream(chat).finalChatCompletion()).choices).toHaveLength(1);
  });

  it('of a session that a client leaves hold their place until the turn has ended', async () => {
    const { key } = await newKey({ concurrent_streams: 1, requests_per_minute: 10_000 });
    const session = String((await call('POST', '/v1/sessions', { key, body: { model } })).json()['id']);
    const headers = { 'x-parley-session': session };
    const left = await openai(key).chat.completions.create({ model, messages: slow, stream: true }, { headers });
    left.controller.abort();

    await expect(openai(key).chat.completions.create({ ...chat, stream: true })).rejects.toThrow(OpenAI.RateLimitError);
    const messages = () => call('GET', `/v1/sessions/${session}/messages`, { key });
    await eventually(async () => expect((await messages()).json()['data']).toHaveLength(2), { timeoutMs: 15_000 });
    await eventually(async () => {
      const next = await openai(key).chat.completions.stream(chat).finalChatCompletion();
      expect(next.choices).toHaveLength(1);
    });
  }, 30_000);
});

describe('addresses', () => {
  it('within which a key may be used let it in, others are PermissionDeniedError', async () => {
    const inside = await newKey({ allowed_addresses: ['127.0.0.0/8', '::1'] });
    const outside = await newKey({ allowed_addresses: ['192.0.2.0/24'] });

    expect((await openai(inside.key).chat.completions.create(chat)).choices).toHaveLength(1);
    const refused = openai(outside.key).chat.completions.create(chat);
    await expect(refused).rejects.toThrow(OpenAI.PermissionDeniedError);
    await expect(refused).rejects.toMatchObject({ code: 'credential.address_refused' });
    const refusedToo = anthropic(outside.key).messages.create(message);
    await expect(refusedToo).rejects.toThrow(Anthropic.PermissionDeniedError);
    await expect(refusedToo).rejects.toMatchObject({ type: 'permission_error' });
    const forged = await call('GET', '/v1/models', { key: outside.key, headers: { 'x-forwarded-for': '192.0.2.7' } });
    expect(forged.status).toBe(403);
  });
});

describe('a key', () => {
  it('that is mistyped, unknown or revoked is AuthenticationError', async () => {
    const { id, key } = await newKey();
    const mistyped = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');
    for (const wrong of [mistyped, mintApiKey()]) {
      await expect(openai(wrong).chat.completions.create(chat)).rejects.toThrow(OpenAI.AuthenticationError);
      await expect(anthropic(wrong).messages.create(message)).rejects.toThrow(Anthropic.AuthenticationError);
    }
    await openai(key).chat.completions.create(chat);

    await call('DELETE', `/v1/api-keys/${id}`, { key: (await login()).access_token });

    await eventually(() => expect(openai(key).models.list()).rejects.toThrow(OpenAI.AuthenticationError), {
      timeoutMs: 2_000,
    });
  });

  it('that is rotated works beside the one before it, which ends with the overlap', async () => {
    const token = (await login()).access_token;
    const rotate = async (id: string, overlap_s: number) => {
      const answer = await call('POST', `/v1/api-keys/${id}/rotate`, { key: token, body: { overlap_s } });
      expect(answer.status).toBe(200);
      return String(answer.json()['key']);
    };
    const [kept, dropped] = [await newKey(), await newKey()];

    for (const key of [kept.key, await rotate(kept.id, 3_600)])
      expect((await openai(key).chat.completions.create(chat)).choices).toHaveLength(1);
    const renewed = await rotate(dropped.id, 0);
    await expect(openai(dropped.key).chat.completions.create(chat)).rejects.toThrow(OpenAI.AuthenticationError);
    expect((await anthropic(renewed).messages.create(message)).type).toBe('message');
  });

  it('says when it was last used', async () => {
    const { id, key } = await newKey();
    await openai(key).models.list();
    const { access_token } = await login();

    await eventually(async () => {
      const keys = (await call('GET', '/v1/api-keys?limit=50', { key: access_token })).json()['data'] as {
        id: string;
        last_used_at: string | null;
      }[];
      expect(keys.find((each) => each.id === id)?.last_used_at).toEqual(expect.any(String));
    });
  });
});
