/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allPermissions, encodeCursor, type ApiKey, type ApiKeyPage, type CreatedApiKey } from '@parley/contracts';
import { isWellFormedApiKey, mintApiKey } from '@parley/identity';
import { claimsOf, eventually } from '@parley/testing';
import { exchange, problem, startWithOwner, type AuthWithOwner } from './auth-under-test.js';
import { newSubscriber, type Subscriber } from './subscriber.js';

let auth: AuthWithOwner;
let subscriber: Subscriber;

beforeAll(async () => {
  auth = await startWithOwner();
  subscriber = await newSubscriber(auth.servers.amqp.url, 'auth.#');
}, 60_000);

afterAll(async () => {
  await subscriber.close();
  await auth.stop();
});

const create = (body: object, as = auth.token) => auth.call<CreatedApiKey>('POST', '/v1/api-keys', { token: as, body });
const list = (query = '', as = auth.token) => auth.call<ApiKeyPage>('GET', `/v1/api-keys${query}`, { token: as });
const revoke = (id: string, as = auth.token) => auth.call('DELETE', `/v1/api-keys/${id}`, { token: as });
const tryExchange = (key: string) => auth.call('POST', '/internal/auth/exchange', { body: { api_key: key } });
const me = (as: string) => auth.call('GET', '/v1/auth/me', { token: as });

describe('POST /v1/api-keys', () => {
  it('201: answers a key that works, with the creator’s permissions and 100 requests a minute', async () => {
    const { status, body } = await create({ name: 'defaults' });

    expect({ status, body }).toEqual({
      status: 201,
      body: {
        id: expect.any(String),
        name: 'defaults',
        key: expect.any(String),
        prefix: body.key.slice(0, 12),
        owner: { type: 'user', id: expect.any(String) },
        role: null,
        permissions: [...allPermissions],
        requests_per_minute: 100,
        tokens_per_minute: null,
        concurrent_streams: null,
        models: null,
        allowed_addresses: null,
        last_used_at: null,
        previous_key_expires_at: null,
        created_at: expect.any(String),
        expires_at: null,
        revoked_at: null,
      },
    });
    expect(isWellFormedApiKey(body.key)).toBe(true);
    const answer = await me(await exchange(auth, body.key));
    expect(answer.body).toMatchObject({ api_key_id: body.id });
    expect(answer.headers.get('x-ratelimit-limit-requests')).toBe('100');
  });

  it('201: restricts the key to the permissions named', async () => {
    const { body } = await create({ name: 'reader', permissions: ['api_keys:read'] });
    const reader = await exchange(auth, body.key);

    expect((await list('', reader)).status).toBe(200);
    expect(await create({ name: 'more' }, reader)).toMatchObject(problem(403, 'request.forbidden'));
  });

  it('403: gives nobody a permission that the creator lacks', async () => {
    const { body } = await create({ name: 'writer', permissions: ['api_keys:write'] });
    const writer = await exchange(auth, body.key);

    const refused = await create({ name: 'escalated', permissions: ['api_keys:write', 'usage:read'] }, writer);
    const inherited = await create({ name: 'same' }, writer);

    expect(refused).toMatchObject(problem(403, 'permission.not_grantable'));
    expect(inherited.body.permissions).toEqual(['api_keys:write']);
  });

  it('403: gives no key a longer life or more requests than the key that makes it', async () => {
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    const bounds = { expires_at, requests_per_minute: 20, permissions: ['api_keys:write'] };
    const maker = await exchange(auth, (await create({ name: 'maker', ...bounds })).body.key);
    const later = new Date(Date.now() + 7_200_000).toISOString();

    for (const [field, value] of [
      ['expires_at', later],
      ['requests_per_minute', 21],
    ] as const) {
      const refused = await create({ name: 'more', [field]: value }, maker);
      expect(refused).toMatchObject(problem(403, 'api_key.not_grantable'));
      expect(refused.body).toMatchObject({ errors: [expect.objectContaining({ path: field })] });
    }
    expect((await create({ name: 'same' }, maker)).body).toMatchObject({ expires_at, requests_per_minute: 20 });
  });

  it.each([
    ['no name', {}, 'name'],
    ['an empty name', { name: ' ' }, 'name'],
    ['a name with U+0000', { name: 'nul \u0000' }, 'name'],
    ['a name with half a character', { name: 'half \ud83e' }, 'name'],
    ['an unknown permission', { name: 'x', permissions: ['everything:do'] }, 'permissions.0'],
    ['a limit over 1,000,000', { name: 'x', requests_per_minute: 1_000_001 }, 'requests_per_minute'],
    ['an expiry in the past', { name: 'x', expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
  ])('400: refuses %s and names the field', async (_, body, path) => {
    const answer = await create(body);

    expect(answer).toMatchObject(problem(400, 'request.invalid'));
    expect(answer.body).toMatchObject({ errors: [expect.objectContaining({ path })] });
  });

  it('401: without a credential', async () => {
    expect(await auth.call('POST', '/v1/api-keys', { body: { name: 'x' } })).toMatchObject(
      problem(401, 'request.unauthenticated'),
    );
  });

  it('tells subscribers which key was made by whom, and not the key', async () => {
    const { body } = await create({ name: 'announced' });

    const event = await eventually(() => subscriber.find('auth.api_key.created.v1', { api_key_id: body.id }));

    expect(event.data).toEqual({ api_key_id: body.id, name: 'announced', created_by: expect.any(String) });
  });
});

describe('GET /v1/api-keys', () => {
  it('200: pages through every key once, newest first, and never shows a key', async () => {
    const made = [];
    for (const name of ['one', 'two', 'three']) made.unshift((await create({ name })).body.id);

    const seen: ApiKey[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: ApiKeyPage = (await list(`?limit=2${cursor && `&cursor=${cursor}`}`)).body;
      seen.push(...page.data);
      cursor = page.next_cursor;
    }

    expect(seen.slice(0, 3).map(({ id }) => id)).toEqual(made);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    expect(seen.some((key) => 'key' in key)).toBe(false);
  });

  it('400: refuses a cursor that it did not give out, and a limit out of bounds', async () => {
    expect(await list('?cursor=bm9wZQ')).toMatchObject(problem(400, 'cursor.invalid'));
    const noYear = encodeCursor(['0000-01-01T00:00:00.000Z', randomUUID()]);
    expect(await list(`?cursor=${noYear}`)).toMatchObject(problem(400, 'cursor.invalid'));
    expect(await list('?limit=201')).toMatchObject(problem(400, 'request.invalid'));
  });
});

describe('DELETE /v1/api-keys/{id}', () => {
  it('204: refuses the key and its tokens from then on, and may be called again', async () => {
    const { body } = await create({ name: 'leaked' });
    const leaked = await exchange(auth, body.key);
    expect((await me(leaked)).status).toBe(200);

    expect((await revoke(body.id)).status).toBe(204);
    expect((await revoke(body.id)).status).toBe(204);

    expect(await tryExchange(body.key)).toMatchObject(problem(401, 'credential.revoked'));
    expect(await me(leaked)).toMatchObject(problem(401, 'credential.revoked'));
    expect((await list()).body.data.find(({ id }) => id === body.id)?.revoked_at).toEqual(expect.any(String));
  });

  it('tells subscribers once, and until when tokens of the key may be about', async () => {
    const { body } = await create({ name: 'leaked' });
    const { access_token } = (
      await auth.call<{ access_token: string }>('POST', '/internal/auth/exchange', { body: { api_key: body.key } })
    ).body;
    await revoke(body.id);
    await revoke(body.id);
    const { body: sentinel } = await create({ name: 'after' });
    await eventually(() => subscriber.find('auth.api_key.created.v1', { api_key_id: sentinel.id }));

    const events = subscriber.all('auth.api_key.revoked.v1', { api_key_id: body.id });

    expect(events).toHaveLength(1);
    const { exp } = claimsOf(access_token);
    expect(Date.parse(String(events[0]?.data['tokens_expire_at']))).toBeGreaterThan(exp * 1_000);
  });

  it('404: for a key that does not exist', async () => {
    expect(await revoke(randomUUID())).toMatchObject(problem(404, 'api_key.not_found'));
  });

  it('400: for an id that is none', async () => {
    expect(await revoke('1')).toMatchObject(problem(400, 'request.invalid'));
  });
});

describe('POST /internal/auth/exchange', () => {
  it('200: answers a token of 60 s', async () => {
    expect(await tryExchange(auth.owner.apiKey)).toMatchObject({ status: 200, body: { expires_in: 60 } });
  });

  it('401: for an unknown key, a mistyped key, and what is no key', async () => {
    const mistyped = auth.owner.apiKey.slice(0, -1) + (auth.owner.apiKey.endsWith('0') ? '1' : '0');

    for (const key of [mintApiKey(), mistyped, 'ply_', auth.token.slice(0, 200)])
      expect(await tryExchange(key)).toMatchObject(problem(401, 'credential.invalid'));
  });

  it('401: once the key has expired, and its tokens live no longer than the key', async () => {
    const expiresAt = new Date(Date.now() + 2_500);
    const { body } = await create({ name: 'short', expires_at: expiresAt.toISOString() });

    expect(await tryExchange(body.key)).toMatchObject({ status: 200, body: { expires_in: expect.any(Number) } });
    expect((await tryExchange(body.key)).body['expires_in']).toBeLessThanOrEqual(2);

    await eventually(async () => expect(await tryExchange(body.key)).toMatchObject(problem(401, 'credential.expired')));
  });
});
