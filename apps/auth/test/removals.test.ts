/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CreatedApiKey, CreatedInvitation, User } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { exchange, login, problem, startWithOwner, type AuthWithOwner } from './auth-under-test.js';
import { newMember, newPerson, newTenant, type Member } from './members.js';
import { newSubscriber, type Subscriber } from './subscriber.js';

let auth: AuthWithOwner;
let subscriber: Subscriber;

beforeAll(async () => {
  auth = await startWithOwner({ PARLEY_REGISTRATION: 'open', REGISTRATIONS_PER_MINUTE: '1000' });
  subscriber = await newSubscriber(auth.servers.amqp.url, 'auth.#');
}, 60_000);

afterAll(async () => {
  await subscriber.close();
  await auth.stop();
});

const member = (role: string, as = auth.token) => newMember(auth, as, role);
const me = (as: string) => auth.call('GET', '/v1/auth/me', { token: as });
const remove = (id: string, as = auth.token) => auth.call('DELETE', `/v1/users/${id}`, { token: as });
const change = (id: string, body: object, as = auth.token) =>
  auth.call('PATCH', `/v1/users/${id}`, { token: as, body });
const rowsOf = ({ email }: { email: string }) =>
  auth.servers.database.query('select id from users where email = $1', [email]);
const tryLogin = (body: object) => auth.call('POST', '/v1/auth/login', { body });

describe('DELETE /v1/users/{id}', () => {
  it('204: ends what the user holds: access and refresh tokens, the password, API keys and their tokens', async () => {
    const admin = await member('admin');
    const { refresh_token } = await login(auth, admin);
    const body = { name: 'theirs' };
    const key = (await auth.call<CreatedApiKey>('POST', '/v1/api-keys', { token: admin.token, body })).body;
    const keyToken = await exchange(auth, key.key);
    expect((await me(keyToken)).status).toBe(200);

    expect((await remove(admin.id)).status).toBe(204);

    await eventually(async () => expect(await me(admin.token)).toMatchObject(problem(401, 'credential.revoked')));
    await eventually(async () => expect(await me(keyToken)).toMatchObject(problem(401, 'credential.revoked')));
    expect(await auth.call('POST', '/v1/auth/refresh', { body: { refresh_token } })).toMatchObject(
      problem(401, 'refresh_token.invalid'),
    );
    expect(await tryLogin({ email: admin.email, password: admin.password })).toMatchObject(
      problem(401, 'login.failed'),
    );
    expect(await auth.call('POST', '/internal/auth/exchange', { body: { api_key: key.key } })).toMatchObject(
      problem(401, 'credential.revoked'),
    );
    await eventually(() => subscriber.find('auth.api_key.revoked.v1', { api_key_id: key.id }));
  });

  it('204: deletes the account with its last membership, and none before', async () => {
    const person = newPerson();
    const { body } = await auth.call<User>('POST', '/v1/users', {
      token: auth.token,
      body: { ...person, role: 'viewer' },
    });
    const other = await newTenant(auth);
    await join(other, person);

    expect((await remove(body.id)).status).toBe(204);
    expect(await rowsOf(person)).toHaveLength(1);
    expect((await login(auth, person)).access_token).toBeDefined();

    expect((await remove(body.id, other.token)).status).toBe(204);
    expect(await rowsOf(person)).toEqual([]);
  });

  it('204: leaves the user’s tokens in another tenant alone', async () => {
    const shared = await member('viewer');
    const other = await newTenant(auth);
    await join(other, shared);
    const tenant_id = String((await me(other.token)).body['tenant_id']);
    const body = { email: shared.email, password: shared.password, tenant_id };
    const elsewhere = (await auth.call<{ access_token: string }>('POST', '/v1/auth/login', { body })).body.access_token;

    await remove(shared.id);

    await eventually(async () => expect((await me(shared.token)).status).toBe(401));
    expect(await me(elsewhere)).toMatchObject({ status: 200, body: { tenant_id } });
  });

  it('204: takes back the invitations that would let the user in again', async () => {
    const person = newPerson();
    const body = { email: person.email, role: 'viewer' };
    const invitations: CreatedInvitation[] = [];
    for (let n = 0; n < 2; n++)
      invitations.push(
        (await auth.call<CreatedInvitation>('POST', '/v1/invitations', { token: auth.token, body })).body,
      );
    const register = (invitation?: CreatedInvitation) =>
      auth.call('POST', '/v1/auth/register', {
        body: { invitation_token: invitation?.token, password: person.password },
      });
    expect((await register(invitations[0])).status).toBe(201);
    const id = String((await me((await login(auth, person)).access_token)).body['id']);

    await remove(id);

    expect(await register(invitations[1])).toMatchObject(problem(400, 'one_time_token.invalid'));
  });

  it('403: an admin removes no owner', async () => {
    const [admin, second] = [await member('admin'), await member('owner')];
    expect(await remove(second.id, admin.token)).toMatchObject(problem(403, 'permission.not_grantable'));
    expect((await remove(second.id)).status).toBe(204);
  });

  it('404: for one who is not there, also the second time', async () => {
    const { id } = await member('viewer');
    expect((await remove(id)).status).toBe(204);
    expect(await remove(id)).toMatchObject(problem(404, 'user.not_found'));
    expect(await remove(randomUUID())).toMatchObject(problem(404, 'user.not_found'));
  });
});

describe('the last owner', () => {
  it('409: is neither removed nor demoted, whoever asks', async () => {
    const { id, token: theirs } = await newTenant(auth);

    expect(await remove(id, theirs)).toMatchObject(problem(409, 'owner.last'));
    expect(await change(id, { role: 'admin' }, theirs)).toMatchObject(problem(409, 'owner.last'));
    expect((await change(id, { role: 'owner', permissions: [] }, theirs)).status).toBe(200);
  });

  it.each([
    ['remove', (as: Member, other: Member) => remove(other.id, as.token)],
    ['demote', (as: Member, other: Member) => change(other.id, { role: 'viewer' }, as.token)],
  ])('stays, whenever two owners %s each other at the same time', async (_, act) => {
    for (let round = 0; round < 5; round++) {
      const first = await newTenant(auth);
      const second = await member('owner', first.token);

      await Promise.all([act(first, second), act(second, first), act(first, second), act(second, first)]);

      const [owners] = await auth.servers.database.query<{ count: number }>(
        `select count(*)::int as count from memberships m
         where role = 'owner' and user_id in ($1, $2)`,
        [first.id, second.id],
      );
      expect(owners?.count).toBe(1);
    }
  });
});

it('a user who is removed from two tenants at the same time leaves no account behind', async () => {
  for (let round = 0; round < 5; round++) {
    const shared = await member('viewer');
    const other = await newTenant(auth);
    await join(other, shared);

    const answers = await Promise.all([remove(shared.id), remove(shared.id, other.token)]);

    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
    expect(await rowsOf(shared)).toEqual([]);
  }
});

it('a user who is removed while they are invited again is either there or gone, and nobody waits in a circle', async () => {
  for (let round = 0; round < 5; round++) {
    const shared = await member('viewer');
    const other = await newTenant(auth);
    await join(other, shared);
    const body = { email: shared.email, password: newPerson().password, role: 'viewer' };

    const answers = await Promise.all([
      remove(shared.id),
      auth.call('POST', '/v1/users', { token: auth.token, body }),
      remove(shared.id, other.token),
    ]);

    expect([answers[0].status, answers[2].status]).toEqual([204, 204]);
    expect([201, 409]).toContain(answers[1].status);
  }
});

it('a user who is removed while they log in and change their password is gone, and nobody waits in a circle', async () => {
  for (let round = 0; round < 5; round++) {
    const person = await member('viewer');
    const { email, password } = person;

    const [removed, ...others] = await Promise.all([
      remove(person.id),
      tryLogin({ email, password }),
      auth.call('POST', '/v1/auth/password', {
        token: person.token,
        body: { current_password: password, new_password: newPerson().password },
      }),
      tryLogin({ email, password }),
    ]);

    expect(removed.status).toBe(204);
    for (const { status } of others) expect(status).toBeLessThan(500);
    expect(await rowsOf(person)).toEqual([]);
    expect(await auth.servers.database.query('select id from logins where user_id = $1', [person.id])).toEqual([]);
  }
});

/** By an invitation: that takes the password of the account, whose address a reset has proven. */
async function join(tenant: { token: string }, { email, password }: { email: string; password: string }) {
  const body = { email, role: 'viewer' };
  const { token: invitation_token } = (
    await auth.call<CreatedInvitation>('POST', '/v1/invitations', { token: tenant.token, body })
  ).body;
  await auth.servers.database.query('update users set proven_at = now() where email = $1', [email]);
  const answer = await auth.call('POST', '/v1/auth/register', { body: { invitation_token, password } });
  expect(answer.status).toBe(201);
}
