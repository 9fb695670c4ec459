/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accessChanged, rolePermissions, type Permission } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { Client } from 'pg';
import { problem } from '../auth-under-test.js';
import { rolesUnderTest, type RolesUnderTest } from './fixture.js';
import { newSubscriber, type Subscriber } from '../subscriber.js';

let sut: RolesUnderTest;
let subscriber: Subscriber;
beforeAll(async () => {
  sut = await rolesUnderTest();
  subscriber = await newSubscriber(sut.auth.servers.amqp.url, accessChanged.type);
}, 60_000);
afterAll(async () => {
  await subscriber.close();
  await sut.stop();
});

const numbers = (from: number, count: number): number[] => Array.from({ length: count }, (_, n) => from + n);

describe('PATCH /v1/roles/{name}', () => {
  it('200: changes what is named and leaves the rest', async () => {
    const name = await sut.newRole({ description: 'Before', inherits: 'viewer', permissions: ['users:read'] });

    expect((await sut.update(name, { description: null })).body).toMatchObject({
      description: null,
      inherits: 'viewer',
    });
    expect((await sut.update(name, { inherits: null })).body).toMatchObject({ effective_permissions: ['users:read'] });
    expect((await sut.get(name)).body).toMatchObject({
      description: null,
      inherits: null,
      permissions: ['users:read'],
    });
  });

  it('200: tokens that are out already may do more and less from the answer on', async () => {
    const name = await sut.newRole({ permissions: ['models:read', 'sessions:read'] });
    const member = (await sut.newMember(name, ['usage:read'])).token;
    expect(await sut.permissionsOf(member)).toEqual(['models:read', 'sessions:read', 'usage:read']);

    await sut.update(name, { permissions: ['models:read', 'roles:read'] });

    expect(await sut.permissionsOf(member)).toEqual(['models:read', 'roles:read', 'usage:read']);
    expect((await sut.list(member)).status).toBe(200);
  });

  it('200: tells of every member, service account and key that has the role, however many', async () => {
    const name = await sut.newRole({ permissions: ['models:read', 'sessions:read'] });
    const many = 1_100;
    await sut.auth.servers.database.query(
      `with people as (insert into users (id, email, password_hash, created_at)
         select gen_random_uuid(), $2 || n || '@acme.example', '', now() from generate_series(1, $3::int) n returning id)
       insert into memberships (tenant_id, user_id, role, created_at) select $1, id, $2, now() from people`,
      [sut.tenantId, name, many],
    );
    const robot = await sut.newServiceAccount(name, ['usage:read']);
    const key = await sut.newKeyOfRole(name);
    const members = await sut.auth.servers.database.query<{ id: string }>(
      'select user_id as id from memberships where role = $1',
      [name],
    );

    expect((await sut.update(name, { permissions: ['models:read'] })).status).toBe(200);

    await eventually(() => {
      const heard = told();
      expect(heard.get(robot.id)).toEqual(['models:read', 'usage:read']);
      expect(heard.get(key.id)).toEqual(['models:read']);
      expect(members.map(({ id }) => heard.get(id))).toEqual(members.map(() => ['models:read']));
    });
  });

  it('400: refuses a change of nothing, and one to more than a holder’s token could say', async () => {
    const long = (n: number) => `tools:invoke:files.${'x'.repeat(100)}${String(n)}` as Permission;
    const name = await sut.newRole({ permissions: ['models:read'] });
    await sut.newMember(name, numbers(0, 9).map(long));

    expect(await sut.update(name, {})).toMatchObject(problem(400, 'request.invalid'));
    expect(await sut.update(name, { permissions: numbers(9, 9).map(long) })).toMatchObject(
      problem(400, 'grants.too_many'),
    );
    expect((await sut.get(name)).body.permissions).toEqual(['models:read']);
  });

  it('403: changes no role to, or from, what the caller lacks, even if the caller has the role', async () => {
    const higher = await sut.newRole({ permissions: ['users:write'] });
    const mine = await sut.newRole({ permissions: ['roles:write'] });
    const holder = (await sut.newMember(mine)).token;

    expect(await sut.update(mine, { permissions: ['roles:write', 'users:write'] }, holder)).toMatchObject(
      problem(403, 'permission.not_grantable'),
    );
    expect(await sut.update(mine, { inherits: 'owner' }, holder)).toMatchObject(
      problem(403, 'permission.not_grantable'),
    );
    for (const change of [{ permissions: [] }, { description: 'Mine' }])
      expect(await sut.update(higher, change, holder)).toMatchObject(problem(403, 'permission.not_grantable'));
  });

  it('404: for a role that does not exist, 409: for one that every tenant has', async () => {
    expect(await sut.update('nobodys', { description: null })).toMatchObject(problem(404, 'role.not_found'));
    expect(await sut.update('viewer', { permissions: [] })).toMatchObject(problem(409, 'role.built_in'));
  });
});

it('changes of a role and of its holders at the same time all succeed, and tokens that are out end with what was committed last', async () => {
  const name = await sut.newRole({ permissions: ['models:read'] });
  const members = await Promise.all(numbers(0, 4).map(() => sut.newMember(name)));
  const tokens = members.map(({ token }) => token);
  const changes = numbers(0, 10).flatMap((round) => [
    sut.update(name, { permissions: round % 2 ? ['models:read'] : ['models:read', 'sessions:read'] }),
    ...members.map(({ id }, n) =>
      sut.auth.call('PATCH', `/v1/users/${id}`, {
        token: sut.token,
        body: (round + n) % 3 ? { role: name, permissions: ['usage:read'] } : { role: 'viewer', permissions: [] },
      }),
    ),
  ]);

  const statuses = (await Promise.all(changes)).map(({ status }) => status);

  expect(new Set(statuses)).toEqual(new Set([200]));
  const stored = await sut.auth.servers.database.query<{ permissions: string[] | null; own: string[] }>(
    `select r.permissions, m.permissions as own from unnest($1::uuid[]) with ordinality as asked (id, place)
     join memberships m on m.user_id = asked.id left join roles r on r.tenant_id = m.tenant_id and r.name = m.role
     order by place`,
    [members.map(({ id }) => id)],
  );
  expect(await Promise.all(tokens.map(sut.permissionsOf))).toEqual(
    stored.map(({ permissions, own }) => [...(permissions ?? rolePermissions.viewer), ...own]),
  );
});

it('a change of a role waits for one of its holders that is not committed, and tells nobody of a role that they have no more', async () => {
  const name = await sut.newRole({ permissions: ['models:read', 'sessions:read'] });
  const [leaving, staying] = [await sut.newMember(name), await sut.newMember(name)];
  const client = new Client({ connectionString: sut.auth.servers.database.systemUrl });
  await client.connect();
  await client.query('begin');
  await client.query(`update memberships set role = 'viewer' where user_id = $1`, [leaving.id]);

  const changing = sut.update(name, { permissions: ['models:read'] });
  await eventually(async () =>
    expect(
      await sut.auth.servers.database.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      ),
    ).toHaveLength(1),
  );
  await client.query('commit');
  await client.end();

  expect((await changing).status).toBe(200);
  await eventually(() => expect(told().get(staying.id)).toEqual(['models:read']));
  expect(told().get(leaving.id)).not.toEqual(['models:read']);
});

/** What a subscriber has heard last that somebody may do. */
const told = (): ReadonlyMap<string, readonly string[]> =>
  new Map(
    subscriber
      .all(accessChanged.type, {})
      .flatMap(({ data }) => accessChanged.data.parse(data).changes)
      .flatMap((change) => (change.kind === 'permissions_changed' ? [[change.id, change.permissions]] : [])),
  );
