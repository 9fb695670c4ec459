/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeCursor, type CreatedApiKey, type User, type UserPage } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { exchange, login, problem, startWithOwner, type AuthWithOwner } from './auth-under-test.js';
import { newMember, newPerson } from './members.js';
import { newSubscriber, type Subscriber } from './subscriber.js';

let auth: AuthWithOwner;
let subscriber: Subscriber;
let ownId: string;

beforeAll(async () => {
  auth = await startWithOwner();
  subscriber = await newSubscriber(auth.servers.amqp.url, 'auth.#');
  ownId = String((await me(auth.token)).body['id']);
}, 60_000);

afterAll(async () => {
  await subscriber.close();
  await auth.stop();
});

const me = (as: string) => auth.call('GET', '/v1/auth/me', { token: as });
const create = (body: object, as = auth.token) => auth.call<User>('POST', '/v1/users', { token: as, body });
const list = (query = '', as = auth.token) => auth.call<UserPage>('GET', `/v1/users${query}`, { token: as });
const get = (id: string, as = auth.token) => auth.call<User>('GET', `/v1/users/${id}`, { token: as });
const change = (id: string, body: object, as = auth.token) =>
  auth.call<User>('PATCH', `/v1/users/${id}`, { token: as, body });
const member = (role: string) => newMember(auth, auth.token, role);

describe('POST /v1/users', () => {
  it('201: makes an account that logs in, with the role and the permissions besides it', async () => {
    const person = newPerson();
    const { status, body } = await create({
      ...person,
      email: person.email.toUpperCase(),
      role: 'viewer',
      permissions: ['tools:invoke:everything.echo'],
    });

    expect({ status, body }).toEqual({
      status: 201,
      body: {
        id: expect.any(String),
        email: person.email,
        role: 'viewer',
        permissions: ['tools:invoke:everything.echo'],
        created_at: expect.any(String),
        last_login_at: null,
      },
    });
    const { body: seen } = await me((await login(auth, person)).access_token);
    expect(seen).toMatchObject({ id: body.id, tenant_name: auth.owner.tenant, role: 'viewer' });
    expect(seen['permissions']).toContain('tools:invoke:everything.echo');
  });

  it('409: for an address of the tenant, whatever its case', async () => {
    const body = { ...newPerson(), email: auth.owner.email.toUpperCase(), role: 'viewer' };
    expect(await create(body)).toMatchObject(problem(409, 'user.exists'));
  });

  it('403: gives no role and no permission that the caller lacks', async () => {
    const admin = await member('admin');
    const asOwner = await create({ ...newPerson(), role: 'owner' }, admin.token);
    const withMore = await create({ ...newPerson(), role: 'viewer', permissions: ['tenants:write'] }, admin.token);

    expect(asOwner).toMatchObject(problem(403, 'permission.not_grantable'));
    expect(withMore).toMatchObject(problem(403, 'permission.not_grantable'));
    expect((await create({ ...newPerson(), role: 'admin' }, admin.token)).status).toBe(201);
  });

  it('403: gives no more than the key has that asks, whoever made it', async () => {
    const body = { name: 'inviter', permissions: ['users:write', 'models:read'] };
    const key = (await auth.call<CreatedApiKey>('POST', '/v1/api-keys', { token: auth.token, body })).body.key;

    const refused = await create({ ...newPerson(), role: 'viewer' }, await exchange(auth, key));

    expect(refused).toMatchObject(problem(403, 'permission.not_grantable'));
  });

  it('400: refuses grants that no token could carry', async () => {
    const permissions = Array.from({ length: 64 }, (_, n) => `tools:invoke:everything.${String(n).padStart(100, 'x')}`);

    expect(await create({ ...newPerson(), role: 'viewer', permissions })).toMatchObject(
      problem(400, 'grants.too_many'),
    );
  });

  it.each([
    ['a common password', { password: 'password123' }, 'password'],
    ['a password of 7 characters', { password: 'x8#mq2L' }, 'password'],
    ['an address that is none', { email: 'acme' }, 'email'],
    ['an unknown permission', { permissions: ['everything:do'] }, 'permissions.0'],
    ['an unknown field', { name: 'Ada' }, 'name'],
  ])('400: refuses %s and names the field', async (_, part, path) => {
    const answer = await create({ ...newPerson(), role: 'viewer', ...part });

    expect(answer).toMatchObject(problem(400, 'request.invalid'));
    expect(answer.body).toMatchObject({ errors: [expect.objectContaining({ path })] });
  });

  it('404: for a role that the tenant does not have', async () => {
    expect(await create({ ...newPerson(), role: 'captain' })).toMatchObject(problem(404, 'role.not_found'));
  });

  it('403: for a caller who may not write users, and 401 without one', async () => {
    const operator = await member('operator');
    expect(await create({ ...newPerson(), role: 'viewer' }, operator.token)).toMatchObject(
      problem(403, 'request.forbidden'),
    );
    expect(await auth.call('POST', '/v1/users', { body: {} })).toMatchObject(problem(401, 'request.unauthenticated'));
  });
});

describe('GET /v1/users', () => {
  it('200: pages through every user once, newest first', async () => {
    const made: string[] = [];
    for (const role of ['viewer', 'developer', 'operator'])
      made.unshift((await create({ ...newPerson(), role })).body.id);

    const seen: User[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: UserPage = (await list(`?limit=2${cursor && `&cursor=${cursor}`}`)).body;
      seen.push(...page.data);
      cursor = page.next_cursor;
    }

    expect(seen.slice(0, 3).map(({ id }) => id)).toEqual(made);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    expect(seen.at(-1)).toMatchObject({ id: ownId, role: 'owner', last_login_at: expect.any(String) });
  });

  it('400: refuses a cursor that it did not give out', async () => {
    const noYear = encodeCursor(['0000-01-01T00:00:00.000Z', randomUUID()]);
    for (const cursor of ['bm9wZQ', noYear])
      expect(await list(`?cursor=${cursor}`)).toMatchObject(problem(400, 'cursor.invalid'));
  });

  it('403: for a caller who may not read users', async () => {
    const { token: viewer } = await member('viewer');
    expect(await list('', viewer)).toMatchObject(problem(403, 'request.forbidden'));
    expect(await get(ownId, viewer)).toMatchObject(problem(403, 'request.forbidden'));
  });
});

describe('GET /v1/users/{id}', () => {
  it('200: tells the role and the last login of a user', async () => {
    const { id, email } = await member('developer');
    const { status, body } = await get(id);
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { id, email, role: 'developer', last_login_at: expect.any(String) },
    });
  });

  it('404: for one who is not there, and 400: for an id that is none', async () => {
    expect(await get(randomUUID())).toMatchObject(problem(404, 'user.not_found'));
    expect(await get('1')).toMatchObject(problem(400, 'request.invalid'));
  });
});

describe('PATCH /v1/users/{id}', () => {
  it('200: changes what the user may do, with the tokens that they have, and tells of it', async () => {
    const { id, token: theirs } = await member('operator');
    expect((await list('', theirs)).status).toBe(200);

    const { status, body } = await change(id, { role: 'viewer', permissions: ['completions:create'] });

    expect({ status, body }).toMatchObject({
      status: 200,
      body: { role: 'viewer', permissions: ['completions:create'] },
    });
    await eventually(async () => expect(await list('', theirs)).toMatchObject(problem(403, 'request.forbidden')));
    await eventually(() =>
      expect(subscriber.all('auth.access.changed.v1', {}).flatMap(({ data }) => data['changes'])).toContainEqual(
        expect.objectContaining({
          kind: 'permissions_changed',
          id,
          permissions: expect.arrayContaining(['completions:create', 'models:read']),
        }),
      ),
    );
  });

  it('200: leaves alone what is not named', async () => {
    const { id } = await member('viewer');
    await change(id, { permissions: ['users:read'] });
    expect((await change(id, { role: 'developer' })).body).toMatchObject({
      role: 'developer',
      permissions: ['users:read'],
    });
  });

  it('403: an admin changes no owner, makes none, and gives nobody what they lack', async () => {
    const [admin, viewer] = [await member('admin'), await member('viewer')];

    for (const [id, body] of [
      [ownId, { role: 'viewer' }],
      [viewer.id, { role: 'owner' }],
      [admin.id, { permissions: ['tenants:write'] }],
    ] as const)
      expect(await change(id, body, admin.token)).toMatchObject(problem(403, 'permission.not_grantable'));
  });

  it('404: for a user or a role that is not there', async () => {
    expect(await change(randomUUID(), { role: 'viewer' })).toMatchObject(problem(404, 'user.not_found'));
    const { id } = await member('viewer');
    expect(await change(id, { role: 'captain' })).toMatchObject(problem(404, 'role.not_found'));
  });

  it('400: refuses a change of nothing, and grants that no token could carry', async () => {
    const { id } = await member('viewer');
    expect(await change(id, {})).toMatchObject(problem(400, 'request.invalid'));
    const permissions = Array.from({ length: 64 }, (_, n) => `tools:invoke:everything.${String(n).padStart(100, 'x')}`);
    expect(await change(id, { permissions })).toMatchObject(problem(400, 'grants.too_many'));
  });
});
