import { describe, expect, it } from '@jest/globals';
import Anthropic from '@anthropic-ai/sdk';
import { eventually, headerOf } from '@parley/testing';
import OpenAI from 'openai';
import { anthropic, call, demoKey, login, model, newKey, openai, owner, question } from './platform.js';

/** Changes one character in the middle of the last part, so that only a check of that part can tell. */
const damaged = (credential: string) => {
  const at = credential.length - 20;
  return credential.slice(0, at) + (credential[at] === 'A' ? 'B' : 'A') + credential.slice(at + 1);
};

const protectedRoutes = [
  ['GET', '/v1/models'],
  ['GET', `/v1/models/${model}`],
  ['GET', '/v1/auth/me'],
  ['GET', '/v1/api-keys'],
  ['POST', '/v1/api-keys'],
  ['GET', '/v1/analytics/usage'],
  ['POST', '/v1/chat/completions'],
  ['POST', '/v1/responses'],
  ['POST', '/v1/messages'],
] as const;

describe.each(protectedRoutes)('%s %s', (method, path) => {
  const body = method === 'POST' ? {} : undefined;

  it('answers 401 without a credential, and with a forged one', async () => {
    const { access_token } = await login();
    for (const key of [undefined, 'garbage', damaged(demoKey), damaged(access_token)]) {
      const answer = await call(method, path, { key, body });
      expect({ key, status: answer.status }).toEqual({ key, status: 401 });
    }
  });
});

describe('a credential', () => {
  it.each(['tokens', 'API keys'])('opens every service: %s', async (kind) => {
    const key = kind === 'tokens' ? (await login()).access_token : demoKey;
    for (const path of ['/v1/models', '/v1/auth/me', '/v1/api-keys', '/v1/analytics/usage']) {
      const answer = await call('GET', path, { key });
      expect({ path, status: answer.status }).toEqual({ path, status: 200 });
    }
  });

  it('that lacks the permission is 403, in the shape that makes each SDK raise its class', async () => {
    const { key } = await newKey({ permissions: ['models:read'] });
    expect((await call('GET', '/v1/models', { key })).status).toBe(200);
    const refused = await call('GET', '/v1/analytics/usage', { key });
    expect(refused.status).toBe(403);
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(refused.json()).toMatchObject({ code: 'request.forbidden', status: 403, request_id: expect.any(String) });
    await expect(openai(key).chat.completions.create({ model, messages: question })).rejects.toThrow(
      OpenAI.PermissionDeniedError,
    );
    await expect(anthropic(key).messages.create({ model, max_tokens: 9, messages: question })).rejects.toThrow(
      Anthropic.PermissionDeniedError,
    );
  });

  it('that has expired is 401, and says so', async () => {
    const { key } = await newKey({ expires_at: new Date(Date.now() + 2_000).toISOString() });
    expect((await call('GET', '/v1/auth/me', { key })).status).toBe(200);
    const refused = await eventually(
      async () => {
        const answer = await call('GET', '/v1/auth/me', { key });
        expect(answer.status).toBe(401);
        return answer;
      },
      { timeoutMs: 10_000 },
    );
    expect(refused.json()).toMatchObject({ code: 'credential.expired' });
  });

  it('that is wrong raises AuthenticationError in both SDKs', async () => {
    await expect(openai(damaged(demoKey)).chat.completions.create({ model, messages: question })).rejects.toThrow(
      OpenAI.AuthenticationError,
    );
    await expect(
      anthropic(damaged(demoKey)).messages.create({ model, max_tokens: 9, messages: question }),
    ).rejects.toThrow(Anthropic.AuthenticationError);
  });

  it('is the only thing that says who is calling: headers that claim an identity change nothing', async () => {
    const forged = { 'x-tenant-id': crypto.randomUUID(), 'x-user-id': crypto.randomUUID(), 'x-consumer-id': 'root' };
    const plain = await call('GET', '/v1/auth/me', { key: demoKey });
    const claimed = await call('GET', '/v1/auth/me', { key: demoKey, headers: forged });
    expect(claimed.json()).toEqual(plain.json());
  });
});

describe('logins', () => {
  it('name the owner and her tenant', async () => {
    const { access_token } = await login();
    const me = await call('GET', '/v1/auth/me', { key: access_token });
    expect(me.json()).toMatchObject({ email: owner.email, role: 'owner', tenant_id: expect.any(String) });
  });

  it('answer the same for a wrong password and an unknown account', async () => {
    const wrong = await call('POST', '/v1/auth/login', { body: { ...owner, password: 'not the password' } });
    const unknown = await call('POST', '/v1/auth/login', {
      body: { email: 'nobody@example.com', password: 'not the password' },
    });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect({ ...wrong.json(), request_id: '' }).toEqual({ ...unknown.json(), request_id: '' });
  });

  it('are refreshed, and end at logout', async () => {
    const first = await login();
    const second = await call('POST', '/v1/auth/refresh', { body: { refresh_token: first.refresh_token } });
    expect(second.status).toBe(200);
    const { access_token, refresh_token } = second.json() as { access_token: string; refresh_token: string };
    expect((await call('GET', '/v1/auth/me', { key: access_token })).status).toBe(200);
    expect((await call('POST', '/v1/auth/logout', { key: access_token, body: { refresh_token } })).status).toBe(204);
    expect((await call('POST', '/v1/auth/refresh', { body: { refresh_token } })).status).toBe(401);
  });

  it('publish the keys that tokens are signed with', async () => {
    const { access_token } = await login();
    const header = headerOf(access_token);
    const { keys } = (await call('GET', '/.well-known/jwks.json')).json() as { keys: { kid: string; d?: string }[] };
    expect(header.alg).toBe('ES256');
    expect(keys.map((key) => key.kid)).toContain(header.kid);
    expect(keys.every((key) => key.d === undefined)).toBe(true);
  });
});

describe('API keys', () => {
  it('are shown once, listed without their secret, and refused after their deletion', async () => {
    const { access_token } = await login();
    const { id, key } = await newKey({ name: 'short-lived' });
    expect((await call('GET', '/v1/models', { key })).status).toBe(200);

    const list = await call('GET', '/v1/api-keys?limit=200', { key: access_token });
    expect(list.text).toContain(id);
    expect(list.text).not.toContain(key);

    expect((await call('DELETE', `/v1/api-keys/${id}`, { key: access_token })).status).toBe(204);
    await eventually(async () => expect((await call('GET', '/v1/models', { key })).status).toBe(401), {
      timeoutMs: 5_000,
    });
  });

  it('page by an opaque cursor without losing or repeating one', async () => {
    const { access_token } = await login();
    for (const name of ['page-a', 'page-b', 'page-c']) await newKey({ name });
    const all = (await call('GET', '/v1/api-keys?limit=200', { key: access_token })).json() as {
      data: { id: string }[];
    };
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const path: string = `/v1/api-keys?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`;
      const page = (await call('GET', path, { key: access_token })).json() as {
        data: { id: string }[];
        next_cursor: string | null;
      };
      ids.push(...page.data.map((row) => row.id));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(ids).toEqual(all.data.map((row) => row.id));
  });

  it('cannot carry a permission that their creator lacks', async () => {
    const { key } = await newKey({ permissions: ['api_keys:write', 'models:read'] });
    const answer = await call('POST', '/v1/api-keys', { key, body: { name: 'more', permissions: ['usage:read'] } });
    expect(answer.status).toBe(403);
    expect(answer.json()).toMatchObject({ code: 'permission.not_grantable' });
  });
});
