/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { passwordResetRequested, type CreatedInvitation, type User } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { login, newOwner, newServers, problem, startAuth, type RunningAuth, type Servers } from './auth-under-test.js';
import { newMember, newPerson, newTenant, type Member } from './members.js';
import { newSubscriber, type Subscriber } from './subscriber.js';

let servers: Servers;
let auth: RunningAuth;
let token: string;
let globex: Member;
let subscriber: Subscriber;
const owner = newOwner();
const freeTries = 5;

beforeAll(async () => {
  servers = await newServers();
  auth = await startAuth({
    ...servers.env,
    ...owner.env,
    PARLEY_REGISTRATION: 'open',
    WRONG_PASSWORDS_OF_ACCOUNT: String(freeTries),
    WRONG_PASSWORDS_OF_ADDRESS: '1000',
  });
  subscriber = await newSubscriber(servers.amqp.url, 'auth.password_reset.*.*');
  token = (await login(auth, owner)).access_token;
  globex = await newTenant(auth);
}, 60_000);

afterAll(async () => {
  await subscriber.close();
  await auth.stop();
  await servers.close();
});

const create = (body: object, as = token) => auth.call<User>('POST', '/v1/users', { token: as, body });
const me = (as: string) => auth.call('GET', '/v1/auth/me', { token: as });
const unlock = (id: string, as = token) => auth.call('POST', `/v1/users/${id}/unlock`, { token: as });
const tryLogin = (email: string, password: string) =>
  auth.call<{ access_token: string }>('POST', '/v1/auth/login', { body: { email, password } });

/** As whoever gets what is sent to the address. */
async function resetPassword(email: string, new_password: string): Promise<void> {
  await auth.call('POST', '/v1/auth/password-resets', { body: { email } });
  const { data } = await eventually(() => subscriber.find(passwordResetRequested.type, { email }));
  const body = { token: data['token'], new_password };
  expect((await auth.call('POST', '/v1/auth/password-resets/confirm', { body })).status).toBe(204);
}

/** Wrong passwords until the account has to wait. */
async function lock(email: string): Promise<void> {
  for (let guess = 0; guess < freeTries; guess++) await tryLogin(email, `guess number ${guess}`);
  expect(await tryLogin(email, 'guess')).toMatchObject(problem(429, 'login.locked'));
}

describe('an account of another tenant', () => {
  it('cannot be told by POST /v1/users from an address without one', async () => {
    const person = newPerson();
    await create({ ...person, role: 'viewer' }, globex.token);

    const [known, unknown] = [
      await create({ ...newPerson(), email: person.email, role: 'developer' }),
      await create({ ...newPerson(), role: 'developer' }),
    ];

    const shape = ({ body }: { body: User }) => ({ ...body, id: '', email: '', created_at: '' });
    expect([known.status, shape(known)]).toEqual([unknown.status, shape(unknown)]);
    const read = await auth.call<User>('GET', `/v1/users/${known.body.id}`, { token });
    expect(read.body).toEqual(known.body);
  });

  it('keeps its password, and its logins go on', async () => {
    const person = newPerson();
    await create({ ...person, role: 'viewer' }, globex.token);
    const { access_token } = await login(auth, person);
    const other = newPerson();

    await create({ ...other, email: person.email, role: 'developer' });

    expect((await me(access_token)).status).toBe(200);
    expect((await tryLogin(person.email, other.password)).status).toBe(401);
    expect((await tryLogin(person.email, person.password)).status).toBe(200);
  });

  it('does not get in by POST /v1/users, which somebody may have waited for, before its address is proven', async () => {
    const squatted = newPerson();
    await create({ ...squatted, role: 'viewer' }, globex.token);
    await create({ ...newPerson(), email: squatted.email, role: 'admin' });
    const tenant_id = String((await me(token)).body['tenant_id']);
    const logInHere = (password: string) =>
      auth.call('POST', '/v1/auth/login', { body: { email: squatted.email, password, tenant_id } });
    expect(await logInHere(squatted.password)).toMatchObject(problem(401, 'login.failed'));

    const own = newPerson().password;
    await resetPassword(squatted.email, own);

    expect((await logInHere(own)).status).toBe(200);
    expect(await logInHere(squatted.password)).toMatchObject(problem(401, 'login.failed'));
  });
});

describe('an account whose password somebody else may know, when another tenant invites its user', () => {
  const invite = async (email: string) =>
    (await auth.call<CreatedInvitation>('POST', '/v1/invitations', { token, body: { email, role: 'admin' } })).body;
  const accept = (invitation_token: string, password: string, new_password?: string) =>
    auth.call('POST', '/v1/auth/register', { body: { invitation_token, password, new_password } });
  const logInHere = async (email: string, password: string) => {
    const tenant_id = String((await me(token)).body['tenant_id']);
    return auth.call('POST', '/v1/auth/login', { body: { email, password, tenant_id } });
  };

  /** Each knows the password, and none has the address. */
  const makers = [
    ['a tenant by POST /v1/users', (person: object) => create({ ...person, role: 'viewer' }, globex.token)],
    [
      'a tenant by an invitation of its own',
      async ({ email, password }: { email: string; password: string }) => {
        const invited = { token: globex.token, body: { email, role: 'viewer' } };
        return accept((await auth.call<CreatedInvitation>('POST', '/v1/invitations', invited)).body.token, password);
      },
    ],
    [
      'anybody by a registration',
      (person: object) => auth.call('POST', '/v1/auth/register', { body: { ...person, tenant_name: 'Evil' } }),
    ],
  ] as const;

  it.each(makers)('made by %s, takes nobody along who knows it', async (_, make) => {
    const person = newPerson();
    expect((await make(person)).status).toBe(201);
    const makersToken = (await login(auth, person)).access_token;
    const invitation = await invite(person.email);

    const refused = await accept(invitation.token, person.password);
    expect(refused).toMatchObject(problem(400, 'request.invalid'));
    expect(refused.body).toMatchObject({ errors: [expect.objectContaining({ path: 'new_password' })] });
    expect(await logInHere(person.email, person.password)).toMatchObject(problem(401, 'login.failed'));

    const own = newPerson().password;
    expect((await accept(invitation.token, person.password, own)).status).toBe(201);

    expect((await logInHere(person.email, own)).status).toBe(200);
    expect(await logInHere(person.email, person.password)).toMatchObject(problem(401, 'login.failed'));
    await eventually(async () => expect((await me(makersToken)).status).toBe(401));
  });

  it('is not made safe by a change of the password, which the maker can make too', async () => {
    const person = newPerson();
    await create({ ...person, role: 'viewer' }, globex.token);
    const changed = newPerson().password;
    const change = { current_password: person.password, new_password: changed };
    const { access_token } = await login(auth, person);
    expect((await auth.call('POST', '/v1/auth/password', { token: access_token, body: change })).status).toBe(204);

    const refused = await accept((await invite(person.email)).token, changed);

    expect(refused).toMatchObject(problem(400, 'request.invalid'));
  });

  it('gets in by its password alone once a reset has shown whose the address is', async () => {
    const person = newPerson();
    await create({ ...person, role: 'viewer' }, globex.token);
    const own = newPerson().password;
    await resetPassword(person.email, own);

    expect((await accept((await invite(person.email)).token, own)).status).toBe(201);

    expect((await logInHere(person.email, own)).status).toBe(200);
  });

  it('400: keeps its password where the invitation is not good, and a new one is for no new account', async () => {
    const person = newPerson();
    const invitation = await invite(person.email);
    const { password } = newPerson();
    expect(await accept(invitation.token, person.password, password)).toMatchObject(problem(400, 'request.invalid'));
    expect((await accept(invitation.token, person.password)).status).toBe(201);

    expect(await accept(invitation.token, person.password, password)).toMatchObject(
      problem(400, 'one_time_token.invalid'),
    );

    expect((await logInHere(person.email, person.password)).status).toBe(200);
  });
});

describe('POST /v1/users/{id}/unlock', () => {
  it('204: lets the user try again at once, and nobody else', async () => {
    const [one, two] = [await newMember(auth, token, 'viewer'), await newMember(auth, token, 'viewer')];
    await lock(one.email);
    await lock(two.email);

    expect((await unlock(one.id)).status).toBe(204);

    expect((await tryLogin(one.email, one.password)).status).toBe(200);
    expect(await tryLogin(two.email, two.password)).toMatchObject(problem(429, 'login.locked'));
  });

  it('204: without effect on an account that was merely named, which others could guess at then', async () => {
    const victim = await newTenant(auth);
    const { body } = await create({ ...newPerson(), email: victim.email, role: 'viewer' });
    await lock(victim.email);

    expect((await unlock(body.id)).status).toBe(204);

    expect(await tryLogin(victim.email, victim.password)).toMatchObject(problem(429, 'login.locked'));
  });

  it('404: for a user of another tenant, and 403: for a caller who may not write users', async () => {
    const { id, token: viewer } = await newMember(auth, token, 'viewer');

    expect(await unlock(globex.id)).toMatchObject(problem(404, 'user.not_found'));
    expect(await unlock(id, viewer)).toMatchObject(problem(403, 'request.forbidden'));
  });
});
