/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  allPermissions,
  builtInRoles,
  maxRoles,
  permissions,
  rolePermissions,
  type PermissionList,
} from '@parley/contracts';
import { problem } from '../auth-under-test.js';
import { rolesUnderTest, type RolesUnderTest } from './fixture.js';

let sut: RolesUnderTest;
beforeAll(async () => {
  sut = await rolesUnderTest();
}, 60_000);
afterAll(() => sut.stop());

describe('POST /v1/roles', () => {
  it('201: makes a role that gives its own permissions and those that it inherits', async () => {
    const name = sut.freshName();
    const answer = await sut.create({
      name,
      inherits: 'viewer',
      permissions: ['users:read', 'tools:invoke:files.read'],
    });

    const expected = {
      name,
      description: null,
      built_in: false,
      inherits: 'viewer',
      permissions: ['users:read', 'tools:invoke:files.read'],
      effective_permissions: [...rolePermissions.viewer, 'users:read', 'tools:invoke:files.read'],
    };
    expect(answer).toMatchObject({ status: 201, body: expected });
    expect((await sut.get(name)).body).toEqual(expected);
  });

  it.each([
    ['no name', {}, 'name'],
    ['a name with capitals', { name: 'Support' }, 'name'],
    ['an unknown permission', { name: 'x', permissions: ['everything:do'] }, 'permissions.0'],
    ['a role of the tenant’s own to inherit', { name: 'x', inherits: 'support' }, 'inherits'],
    ['an unknown field', { name: 'x', built_in: true }, 'built_in'],
  ])('400: refuses %s and names the field', async (_, body, path) => {
    const answer = await sut.create(body);

    expect(answer).toMatchObject(problem(400, 'request.invalid'));
    expect(answer.body).toMatchObject({ errors: [expect.objectContaining({ path })] });
  });

  it('400: refuses more than a token can say', async () => {
    const permissions = Array.from({ length: 30 }, (_, n) => `tools:invoke:files.${'x'.repeat(100)}${String(n)}`);

    expect(await sut.create({ name: sut.freshName(), permissions })).toMatchObject(problem(400, 'grants.too_many'));
  });

  it('403: makes no role that gives what its maker lacks', async () => {
    const limited = await sut.limitedTo('roles:write', 'models:read');

    for (const body of [{ permissions: ['users:write'] }, { inherits: 'viewer' }])
      expect(await sut.create({ name: sut.freshName(), ...body }, limited)).toMatchObject(
        problem(403, 'permission.not_grantable'),
      );
    expect((await sut.create({ name: sut.freshName(), permissions: ['models:read'] }, limited)).status).toBe(201);
  });

  it('403: without roles:write', async () => {
    const viewer = (await sut.newMember('viewer')).token;

    expect(await sut.create({ name: sut.freshName() }, viewer)).toMatchObject(problem(403, 'request.forbidden'));
  });

  it('409: two roles have different names, and none that of a built-in one', async () => {
    const name = await sut.newRole();

    for (const taken of [name, ...builtInRoles])
      expect(await sut.create({ name: taken })).toMatchObject(problem(409, 'role.exists'));
  });

  it('409: of two that would be the last at once, one is too many', async () => {
    const { tenantId, token } = await sut.anotherTenant();
    await sut.auth.servers.database.query(
      `insert into roles (tenant_id, name, permissions, created_at)
       select $1, 'r' || n, '{}', now() from generate_series(2, $2::int) n`,
      [tenantId, maxRoles],
    );

    const answers = await Promise.all(['one', 'two', 'three'].map((name) => sut.create({ name }, token)));

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)).toMatchObject(problem(409, 'role.too_many'));
  });
});

describe('GET /v1/roles', () => {
  it('200: lists the five, lowest first, then the tenant’s own by name', async () => {
    const name = await sut.newRole();

    const { status, body } = await sut.list();

    expect(status).toBe(200);
    expect(body.data.slice(0, 5).map((role) => role.name)).toEqual(builtInRoles);
    const own = body.data.slice(5).map((role) => role.name);
    expect(own).toContain(name);
    expect(own).toEqual([...own].sort());
  });

  it('200: shows one of the five like any other', async () => {
    expect(await sut.get('admin')).toMatchObject({
      status: 200,
      body: { built_in: true, inherits: 'operator', effective_permissions: rolePermissions.admin },
    });
  });

  it('403: without roles:read', async () => {
    const limited = await sut.limitedTo('roles:write', 'models:read');

    for (const answer of [await sut.list(limited), await sut.get('viewer', limited)])
      expect(answer).toMatchObject(problem(403, 'request.forbidden'));
  });

  it('404: for a role that does not exist, 400: for a name that is none', async () => {
    expect(await sut.get('nobodys')).toMatchObject(problem(404, 'role.not_found'));
    expect(await sut.get('No-Name')).toMatchObject(problem(400, 'request.invalid'));
  });
});

describe('DELETE /v1/roles/{name}', () => {
  it('204: deletes a role that nobody has, once', async () => {
    const name = await sut.newRole();

    expect((await sut.remove(name)).status).toBe(204);
    expect(await sut.remove(name)).toMatchObject(problem(404, 'role.not_found'));
  });

  it.each<[string, (role: string) => Promise<unknown>]>([
    ['users', (role) => sut.newMember(role)],
    ['service accounts', (role) => sut.newServiceAccount(role)],
    ['API keys', (role) => sut.newKeyOfRole(role)],
    ['open invitations', (role) => sut.newInvitation(role)],
  ])('409: while there are %s with it', async (kind, use) => {
    const name = await sut.newRole();
    await use(name);

    const answer = await sut.remove(name);

    expect(answer).toMatchObject(problem(409, 'role.in_use'));
    expect(answer.body).toMatchObject({ detail: expect.stringContaining(kind) });
    expect((await sut.get(name)).status).toBe(200);
  });

  it('204: what is over holds no role: revoked and expired keys, expired invitations', async () => {
    const name = await sut.newRole();
    const [revoked, expired] = [await sut.newKeyOfRole(name), await sut.newKeyOfRole(name)];
    await sut.auth.call('DELETE', `/v1/api-keys/${revoked.id}`, { token: sut.token });
    await sut.auth.servers.database.query('update api_keys set expires_at = now() where id = $1', [expired.id]);
    const { id } = await sut.newInvitation(name);
    await sut.auth.servers.database.query('update invitations set expires_at = now() where id = $1', [id]);

    expect((await sut.remove(name)).status).toBe(204);
  });

  it('403: deletes no role that gives what the caller lacks', async () => {
    const name = await sut.newRole({ permissions: ['users:write'] });

    expect(await sut.remove(name, await sut.limitedTo('roles:write', 'models:read'))).toMatchObject(
      problem(403, 'permission.not_grantable'),
    );
  });

  it('409: for one that every tenant has', async () => {
    expect(await sut.remove('developer')).toMatchObject(problem(409, 'role.built_in'));
  });
});

describe('GET /v1/permissions', () => {
  it('200: lists every permission there is, what it allows, and the built-in roles that have it', async () => {
    const { status, body } = await sut.auth.call<PermissionList>('GET', '/v1/permissions', { token: sut.token });

    expect(status).toBe(200);
    expect(body.data.map(({ permission }) => permission)).toEqual(allPermissions);
    expect(body.data.find(({ permission }) => permission === 'users:read')).toEqual({
      permission: 'users:read',
      description: permissions['users:read'],
      roles: ['operator', 'admin', 'owner'],
    });
  });

  it('403: without roles:read', async () => {
    expect(
      await sut.auth.call('GET', '/v1/permissions', { token: await sut.limitedTo('roles:write', 'models:read') }),
    ).toMatchObject(problem(403, 'request.forbidden'));
  });
});

it('403: nobody gives on what they have lost since their token was issued', async () => {
  const member = await sut.newMember('admin');
  const as = member.token;
  await sut.auth.servers.database.query(`update memberships set role = 'viewer' where user_id = $1`, [member.id]);

  expect(await sut.create({ name: sut.freshName(), inherits: 'admin' }, as)).toMatchObject(
    problem(403, 'permission.not_grantable'),
  );
});

it('another tenant neither sees a role, nor changes or deletes it', async () => {
  const { token: theirs } = await sut.anotherTenant();
  const name = await sut.newRole();

  expect((await sut.list(theirs)).body.data).toHaveLength(builtInRoles.length);
  for (const answer of [
    await sut.get(name, theirs),
    await sut.update(name, { permissions: [] }, theirs),
    await sut.remove(name, theirs),
  ])
    expect(answer).toMatchObject(problem(404, 'role.not_found'));
  expect((await sut.get(name)).status).toBe(200);
});
