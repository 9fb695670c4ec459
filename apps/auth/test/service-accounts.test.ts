/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  rolePermissions,
  type CreatedApiKey,
  type ServiceAccount,
  type ServiceAccountPage,
  type ServiceAccountWithSecret,
} from '@parley/contracts';
import { eventually } from '@parley/testing';
import { exchange, problem, startWithOwner, type AuthWithOwner } from './auth-under-test.js';
import { newMember, newTenant } from './members.js';

let auth: AuthWithOwner;

beforeAll(async () => {
  auth = await startWithOwner({ PARLEY_REGISTRATION: 'open' });
}, 60_000);

afterAll(() => auth.stop());

const create = (body: object = {}, as = auth.token) =>
  auth.call<ServiceAccountWithSecret>('POST', '/v1/service-accounts', {
    token: as,
    body: { name: 'importer', role: 'viewer', ...body },
  });
const made = async (body: object = {}) => (await create(body)).body;
const get = (id: string, as = auth.token) =>
  auth.call<ServiceAccount>('GET', `/v1/service-accounts/${id}`, { token: as });
const update = (id: string, body: object, as = auth.token) =>
  auth.call<ServiceAccount>('PATCH', `/v1/service-accounts/${id}`, { token: as, body });
const remove = (id: string, as = auth.token) => auth.call('DELETE', `/v1/service-accounts/${id}`, { token: as });
const rotate = (id: string, body?: object, as = auth.token) =>
  auth.call<ServiceAccountWithSecret>('POST', `/v1/service-accounts/${id}/rotate-secret`, {
    token: as,
    ...(body && { body }),
  });
const me = (as: string) => auth.call('GET', '/v1/auth/me', { token: as });
const memberToken = async (role: string) => (await newMember(auth, auth.token, role)).token;

/** A token that the account gets by its secret, or the status of the refusal. */
async function authenticate({ id }: { id: string }, secret: string): Promise<string | number> {
  const response = await fetch(`${auth.url}/v1/auth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const body = (await response.json()) as { access_token?: string };
  return body.access_token ?? response.status;
}
const works = async (account: { id: string }, secret: string) =>
  typeof (await authenticate(account, secret)) === 'string';

describe('POST /v1/service-accounts', () => {
  it('201: shows the secret this once, and stores only its hash', async () => {
    const { body, status } = await create({ permissions: ['usage:read', 'completions:create'] });

    expect(status).toBe(201);
    expect(body).toMatchObject({ name: 'importer', role: 'viewer', previous_secret_expires_at: null });
    expect(body.client_secret).toMatch(/^pls_[\w-]{43}$/);
    expect((await get(body.id)).body).not.toHaveProperty('client_secret');
    const [row] = await auth.servers.database.query('select * from service_accounts where id = $1', [body.id]);
    expect(JSON.stringify(row)).not.toContain(body.client_secret);
    expect(await works(body, body.client_secret)).toBe(true);
  });

  it('400: a name is needed, and permissions have to fit into a token', async () => {
    expect(await create({ name: '' })).toMatchObject(problem(400, 'request.invalid'));
    const permissions = Array.from({ length: 64 }, (_, n) => `tools:invoke:server.${'x'.repeat(100)}${n}`);
    expect(await create({ permissions })).toMatchObject(problem(400, 'grants.too_many'));
  });

  it('401: without a credential', async () => {
    const answer = await auth.call('POST', '/v1/service-accounts', { body: { name: 'x', role: 'viewer' } });
    expect(answer).toMatchObject(problem(401, 'request.unauthenticated'));
  });

  it('403: without the permission, or with more than the caller has', async () => {
    expect(await create({}, await memberToken('operator'))).toMatchObject(problem(403, 'request.forbidden'));
    const admin = await memberToken('admin');
    expect(await create({ role: 'owner' }, admin)).toMatchObject(problem(403, 'permission.not_grantable'));
    expect(await create({ permissions: ['tenants:write'] }, admin)).toMatchObject(
      problem(403, 'permission.not_grantable'),
    );
    expect((await create({ role: 'admin' }, admin)).status).toBe(201);
  });

  it('403: by a key that may ask some models alone', async () => {
    const body = { name: 'narrow', models: ['claude-sonnet-4-5'] };
    const key = (await auth.call<CreatedApiKey>('POST', '/v1/api-keys', { token: auth.token, body })).body;
    const narrow = await exchange(auth, key.key);

    expect(await create({}, narrow)).toMatchObject(problem(403, 'api_key.not_grantable'));
    expect(await rotate((await made()).id, {}, narrow)).toMatchObject(problem(403, 'api_key.not_grantable'));
  });

  it('404: for a role that does not exist', async () => {
    expect(await create({ role: 'nobody' })).toMatchObject(problem(404, 'role.not_found'));
  });
});

describe('GET /v1/service-accounts', () => {
  it('200: newest first, by cursor, and nothing of another tenant', async () => {
    const ids = [(await made()).id, (await made()).id].reverse();
    const list = (path: string, as = auth.token) => auth.call<ServiceAccountPage>('GET', path, { token: as });

    const { body: first } = await list('/v1/service-accounts?limit=1');
    const { body: second } = await list(`/v1/service-accounts?limit=1&cursor=${first.next_cursor}`);
    const { body: theirs } = await list('/v1/service-accounts', (await newTenant(auth)).token);

    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(ids);
    expect(theirs.data).toEqual([]);
  });

  it('400: for a cursor that no list gave out', async () => {
    const answer = await auth.call('GET', '/v1/service-accounts?cursor=x', { token: auth.token });
    expect(answer).toMatchObject(problem(400, 'cursor.invalid'));
  });
});

describe('PATCH /v1/service-accounts/{id}', () => {
  it('200: what its tokens may do follows within 2 s', async () => {
    const account = await made();
    const theirs = String(await authenticate(account, account.client_secret));

    const { body } = await update(account.id, { role: 'operator', name: 'renamed' });

    expect(body).toMatchObject({ id: account.id, role: 'operator', name: 'renamed', permissions: [] });
    await eventually(async () =>
      expect((await me(theirs)).body).toMatchObject({ permissions: rolePermissions.operator }),
    );
  });

  it('400: for a change of nothing', async () => {
    expect(await update((await made()).id, {})).toMatchObject(problem(400, 'request.invalid'));
  });

  it('403: by one who may do less than the account does or would', async () => {
    const [admin, theirs] = [await memberToken('admin'), await made({ role: 'owner' })];

    expect(await update(theirs.id, { role: 'viewer' }, admin)).toMatchObject(problem(403, 'permission.not_grantable'));
    expect(await update((await made()).id, { role: 'owner' }, admin)).toMatchObject(
      problem(403, 'permission.not_grantable'),
    );
    expect((await get(theirs.id)).body.role).toBe('owner');
  });
});

describe('POST /v1/service-accounts/{id}/rotate-secret', () => {
  it('200: both secrets work for the overlap, which is shown', async () => {
    const account = await made();
    const { body } = await rotate(account.id);

    expect(body.client_secret).not.toBe(account.client_secret);
    expect(Date.parse(body.previous_secret_expires_at ?? '')).toBeGreaterThan(Date.now() + 86_000_000);
    expect([await works(account, account.client_secret), await works(account, body.client_secret)]).toEqual([
      true,
      true,
    ]);
    await auth.servers.database.query(`update service_accounts set previous_secret_expires_at = now() where id = $1`, [
      account.id,
    ]);
    expect([await works(account, account.client_secret), await works(account, body.client_secret)]).toEqual([
      false,
      true,
    ]);
    expect((await get(account.id)).body.previous_secret_expires_at).toBeNull();
  });

  it('200: without an overlap the old secret ends at once, and so does one that still overlapped', async () => {
    const account = await made();
    const second = (await rotate(account.id)).body;
    const third = (await rotate(account.id, { overlap_s: 0 })).body;

    expect(third.previous_secret_expires_at).toBeNull();
    for (const { client_secret: ended } of [account, second]) expect(await authenticate(account, ended)).toBe(401);
    expect(await works(account, third.client_secret)).toBe(true);
  });

  it('403: by one who may do less than the account: its secret would give them more', async () => {
    const [admin, theirs] = [await memberToken('admin'), await made({ role: 'owner' })];
    expect(await rotate(theirs.id, {}, admin)).toMatchObject(problem(403, 'permission.not_grantable'));
    expect(await works(theirs, theirs.client_secret)).toBe(true);
  });
});

describe('DELETE /v1/service-accounts/{id}', () => {
  it('204: its secret, tokens and API keys end', async () => {
    const account = await made({ role: 'operator' });
    const theirs = String(await authenticate(account, account.client_secret));
    const body = { name: 'theirs', service_account_id: account.id };
    const key = (await auth.call<CreatedApiKey>('POST', '/v1/api-keys', { token: auth.token, body })).body;
    const keyToken = await exchange(auth, key.key);

    expect((await remove(account.id)).status).toBe(204);

    for (const ended of [theirs, keyToken])
      await eventually(async () => expect(await me(ended)).toMatchObject(problem(401, 'credential.revoked')));
    expect(await authenticate(account, account.client_secret)).toBe(401);
    const exchanged = await auth.call('POST', '/internal/auth/exchange', { body: { api_key: key.key } });
    expect(exchanged.status).toBe(401);
  });

  it('403: by one who may do less than the account', async () => {
    const [admin, theirs] = [await memberToken('admin'), await made({ role: 'owner' })];
    expect(await remove(theirs.id, admin)).toMatchObject(problem(403, 'permission.not_grantable'));
    expect((await get(theirs.id)).status).toBe(200);
  });
});

it('another tenant gets 404 from every route with an id, and changes nothing', async () => {
  const account = await made();
  const { token: theirs } = await newTenant(auth);

  for (const answer of [
    await get(account.id, theirs),
    await update(account.id, { role: 'owner' }, theirs),
    await rotate(account.id, { overlap_s: 0 }, theirs),
    await remove(account.id, theirs),
    await get(randomUUID()),
  ])
    expect(answer).toMatchObject(problem(404, 'service_account.not_found'));
  expect((await get(account.id)).body).toMatchObject({ role: 'viewer' });
  expect(await works(account, account.client_secret)).toBe(true);
});
