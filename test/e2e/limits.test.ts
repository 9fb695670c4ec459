import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@parley/testing';
import OpenAI from 'openai';
import { anthropic, call, model, newKey, openai, question } from './platform.js';
import { secondTenant } from './second-tenant.js';

const chat = { model, messages: question };
const message = { model, max_tokens: 200, messages: question };
/** A stream that takes three seconds. */
const slow = [{ role: 'user' as const, content: '[offline: deltas=60 delay=50]' }];

/** What a client is refused with. */
async function refusal(asked: Promise<unknown>) {
  const error: unknown = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof OpenAI.RateLimitError || error instanceof Anthropic.RateLimitError) return error;
  throw new Error(`a RateLimitError was expected, but it is ${String(error)}`);
}

const settings = `${process.env['PARLEY_CONSUL_URL'] ?? ''}/v1/kv/parley/config/gateway`;
const change = (live: object) => fetch(settings, { method: 'PUT', body: JSON.stringify(live) });

describe('a request too many', () => {
  it.each(['openai', 'anthropic'] as const)(
    'is RateLimitError of %s’s client, which can read when to come back',
    async (vendor) => {
      const { key } = await newKey({ requests_per_minute: 1 });
      const ask = {
        openai: () => openai(key).chat.completions.create(chat),
        anthropic: () => anthropic(key).messages.create(message),
      };
      await ask[vendor]();

      const { headers, status } = await refusal(ask[vendor]());

      expect(status).toBe(429);
      const wait = Number(headers.get('retry-after'));
      expect(wait).toBeGreaterThan(30);
      expect(headers.get('ratelimit-policy')).toBe('"key-requests";q=1;w=60');
      expect(headers.get('ratelimit')).toBe(`"key-requests";r=0;t=${wait}`);
      const prefix = { openai: 'x-ratelimit-remaining-requests', anthropic: 'anthropic-ratelimit-requests-remaining' };
      expect(headers.get(prefix[vendor])).toBe('0');
    },
  );

  it('is told in the same fields by every service', async () => {
    const { key } = await newKey({ requests_per_minute: 5 });
    const paths = ['/v1/models', '/v1/sessions', '/v1/api-keys', '/v1/experts/queries', '/v1/analytics/usage'];
    const told = [];
    for (const path of paths) told.push((await call('GET', path, { key })).headers.get('ratelimit') ?? '');

    expect(told.map((field) => /r=(\d+)/.exec(field)?.[1])).toEqual(['4', '3', '2', '1', '0']);
    expect((await call('GET', '/v1/models', { key })).status).toBe(429);
  });

  it('is refused before anything is read of it, and answered in the shape of its dialect', async () => {
    const { key } = await newKey({ requests_per_minute: 1 });
    await call('POST', '/v1/messages', { key, body: { nonsense: true } });
    const answer = await call('POST', '/v1/messages', { key, body: { nonsense: true } });

    expect(answer.json()).toMatchObject({ type: 'error', error: { type: 'rate_limit_error' } });
    expect(answer.headers.get('anthropic-ratelimit-requests-reset')).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });
});

describe('of several limits', () => {
  it('the tightest refuses, takes nothing from the others, and is the one that is told', async () => {
    const { key } = await newKey({ requests_per_minute: 3, tokens_per_minute: 1, concurrent_streams: 1 });
    await openai(key).chat.completions.stream(chat).finalChatCompletion();

    const { headers, message: told } = await refusal(openai(key).chat.completions.create(chat));
    expect(told).toContain('At most 1 tokens a minute for this API key');
    expect(headers.get('x-ratelimit-remaining-requests')).toBe('2');
    expect(headers.get('x-ratelimit-remaining-tokens')).toBe('0');
    expect(headers.get('ratelimit')).toMatch(/^"key-requests";r=2;t=\d+, "key-tokens";r=0;t=\d+$/);

    const models = await call('GET', '/v1/models', { key });
    expect([models.status, models.headers.get('x-ratelimit-remaining-requests')]).toEqual([200, '1']);
  });

  it('streams are one, with a place that costs no request while it is taken', async () => {
    const { key } = await newKey({ requests_per_minute: 3, concurrent_streams: 1 });
    const stream = await openai(key).chat.completions.create({ model, messages: slow, stream: true }).withResponse();
    expect(stream.response.headers.get('ratelimit')).toContain('"key-streams";r=0');

    const { headers } = await refusal(anthropic(key).messages.create({ ...message, stream: true }));

    expect(headers.get('retry-after')).toBe('1');
    expect((await Array.fromAsync(stream.data)).length).toBeGreaterThan(1);
    const plain = await openai(key).chat.completions.create(chat).withResponse();
    expect(plain.response.headers.get('x-ratelimit-remaining-requests')).toBe('1');
  });
});

describe('the limits of a tenant and its users', () => {
  let tenant: { id: string; admin: string; keys: string[] };

  /** Two users of a tenant of their own, each with a key. */
  beforeAll(async () => {
    const admin = await secondTenant();
    const id = String((await call('GET', '/v1/auth/me', { key: admin })).json()['tenant_id']);
    const account = await call('POST', '/v1/service-accounts', { key: admin, body: { name: 'Other', role: 'owner' } });
    const service_account_id = String(account.json()['id']);
    const create = async (body: object) =>
      String(
        (
          await call('POST', '/v1/api-keys', {
            key: admin,
            body: { name: 'a test', requests_per_minute: 1_000, ...body },
          })
        ).json()['key'],
      );
    tenant = { id, admin, keys: [await create({}), await create({ service_account_id })] };
  });
  afterAll(() => fetch(settings, { method: 'DELETE' }));

  const policyOf = async (key: string) => (await call('GET', '/v1/models', { key })).headers.get('ratelimit-policy');

  it('hold two users together, are changed while running, and are no other tenant’s business', async () => {
    const [ada = '', bob = ''] = tenant.keys;
    const other = (await newKey({ requests_per_minute: 1_000 })).key;
    await change({ tenants: { [tenant.id]: { tenant_tokens_per_minute: 1_000_000, user_requests_per_minute: 500 } } });
    await eventually(async () =>
      expect(await policyOf(ada)).toBe('"key-requests";q=1000;w=60, "user-requests";q=500;w=60'),
    );

    const stream = await openai(ada).chat.completions.create({
      ...chat,
      stream: true,
      stream_options: { include_usage: true },
    });
    const usage = (await Array.fromAsync(stream)).at(-1)?.usage;
    const left = async (key: string) =>
      Number(
        (await openai(key).chat.completions.create(chat).withResponse()).response.headers.get(
          'x-ratelimit-remaining-tokens',
        ),
      );
    const plain = await openai(bob).chat.completions.create(chat).withResponse();
    const used = (usage?.total_tokens ?? NaN) + (plain.data.usage?.total_tokens ?? NaN);
    expect(plain.response.headers.get('x-ratelimit-limit-tokens')).toBe('1000000');
    expect(Number(plain.response.headers.get('x-ratelimit-remaining-tokens'))).toBe(1_000_000 - used);
    expect(await left(ada)).toBeLessThan(1_000_000 - used);

    await change({ tenants: { [tenant.id]: { tenant_tokens_per_minute: used } } });
    await eventually(async () =>
      expect((await refusal(openai(bob).chat.completions.create(chat))).headers.get('x-ratelimit-limit-tokens')).toBe(
        String(used),
      ),
    );
    const { message: told } = await refusal(anthropic(ada).messages.create(message));
    expect(told).toContain(`At most ${used} tokens a minute for this tenant`);
    expect((await openai(other).chat.completions.create(chat)).choices).toHaveLength(1);
  });

  it('count a user’s keys together, and those of another user apart', async () => {
    const [ada = '', bob = ''] = tenant.keys;
    await change({ tenants: { [tenant.id]: { user_concurrent_streams: 1 } } });
    await eventually(async () => expect(await policyOf(ada)).toBe('"key-requests";q=1000;w=60'));
    const second = (await call('POST', '/v1/api-keys', { key: tenant.admin, body: { name: 'second' } })).json();

    const stream = await openai(ada).chat.completions.create({ model, messages: slow, stream: true });
    const { message: told } = await refusal(
      openai(String(second['key'])).chat.completions.create({ ...chat, stream: true }),
    );
    const others = await openai(bob).chat.completions.stream(chat).finalChatCompletion();

    expect(told).toContain('At most 1 streams at a time for this user');
    expect(others.choices).toHaveLength(1);
    stream.controller.abort();
  });
});
