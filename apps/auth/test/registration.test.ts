/** Real: three instances of the service over HTTP, one for each way to register, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CreatedInvitation } from '@parley/contracts';
import { login, newOwner, newServers, problem, startAuth, type RunningAuth, type Servers } from './auth-under-test.js';
import { newPerson } from './members.js';

let servers: Servers;
let open: RunningAuth;
let byInvitation: RunningAuth;
let closed: RunningAuth;
const owner = newOwner();
const perMinute = 40;

beforeAll(async () => {
  servers = await newServers();
  const env = { ...servers.env, ...owner.env, PARLEY_TRUSTED_PROXIES: '127.0.0.1' };
  open = await startAuth({ ...env, PARLEY_REGISTRATION: 'open', REGISTRATIONS_PER_MINUTE: String(perMinute) });
  [byInvitation, closed] = await Promise.all([startAuth(env), startAuth({ ...env, PARLEY_REGISTRATION: 'closed' })]);
}, 60_000);

afterAll(async () => {
  await Promise.all([open, byInvitation, closed].map((auth) => auth.stop()));
  await servers.close();
});

const register = (body: object, auth = open, address = '192.0.2.1') =>
  auth.call('POST', '/v1/auth/register', { body, headers: { 'x-forwarded-for': address } });
const me = async (person: { email: string; password: string }) =>
  (await open.call('GET', '/v1/auth/me', { token: (await login(open, person)).access_token })).body;
const tenantCount = async () => (await servers.database.query('select id from tenants')).length;

async function invitationFor(email: string): Promise<string> {
  const { access_token: token } = await login(open, owner);
  const answer = await open.call<CreatedInvitation>('POST', '/v1/invitations', {
    token,
    body: { email, role: 'viewer' },
  });
  return answer.body.token;
}

describe('where registration is open', () => {
  it('201: makes a tenant with its owner, who can log in', async () => {
    const person = newPerson();
    const { status, body } = await register({ ...person, email: person.email.toUpperCase(), tenant_name: 'Globex' });

    expect({ status, body }).toEqual({ status: 201, body: { email: person.email, tenant_name: 'Globex' } });
    expect(await me(person)).toMatchObject({ email: person.email, tenant_name: 'Globex', role: 'owner' });
  });

  it('201: says the same for an address that has an account, and changes nothing', async () => {
    const person = newPerson();
    const body = { ...person, tenant_name: 'First' };
    const first = await register(body);
    const before = await tenantCount();

    const again = await register({ ...body, password: newPerson().password });

    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expect(await tenantCount()).toBe(before);
    expect(await me(person)).toMatchObject({ tenant_name: 'First' });
  });

  it('makes one tenant when an address registers many times at once', async () => {
    const person = newPerson();
    const before = await tenantCount();

    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, n) => register({ ...person, tenant_name: `Racer ${n}` })),
    );

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(await tenantCount()).toBe(before + 1);
  });

  it('201: lets an account into a further tenant by an invitation, by its own password and another', async () => {
    const person = newPerson();
    await register({ ...person, tenant_name: 'Own' });
    const invitation_token = await invitationFor(person.email);

    const wrong = await register({ invitation_token, password: newPerson().password });
    const right = await register({
      invitation_token,
      password: person.password,
      new_password: newPerson().password,
    });

    expect(wrong).toMatchObject(problem(401, 'login.failed'));
    expect(right).toMatchObject({ status: 201, body: { email: person.email, tenant_name: owner.tenant } });
  });

  it('429: makes whoever guesses that password wait, as at a login', async () => {
    const person = newPerson();
    await register({ ...person, tenant_name: 'Own' });
    const invitation_token = await invitationFor(person.email);

    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        register({ invitation_token, password: `guess number ${n}` }, open, `192.0.2.${100 + n}`),
      ),
    );

    const locked = answers.filter(({ status }) => status === 429);
    expect(locked.length).toBeGreaterThan(0);
    for (const answer of locked) expect(answer).toMatchObject(problem(429, 'login.locked'));
  });

  it.each([
    ['neither a tenant nor an invitation', {}, ''],
    ['both', { email: 'a@acme.example', tenant_name: 'Acme', invitation_token: 'pli_x' }, ''],
    [
      'a new password without an invitation',
      { email: 'a@acme.example', tenant_name: 'Acme', new_password: newPerson().password },
      'new_password',
    ],
    ['a common password', { email: 'a@acme.example', tenant_name: 'Acme', password: 'Password123' }, 'password'],
    [
      'the address as the password',
      { email: 'ab@acme.example', tenant_name: 'A', password: 'ab@acme.example' },
      'password',
    ],
    ['a role', { email: 'a@acme.example', tenant_name: 'Acme', role: 'owner' }, 'role'],
  ])('400: refuses %s', async (_, part, path) => {
    const answer = await register({ password: newPerson().password, ...part });

    expect(answer).toMatchObject(problem(400, 'request.invalid'));
    expect(answer.body).toMatchObject({ errors: [expect.objectContaining({ path })] });
  });

  it('429: for an address that registers too often; others go on', async () => {
    const attempts = await Promise.all(Array.from({ length: perMinute + 1 }, () => register({}, open, '192.0.2.7')));

    const refused = attempts.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject(problem(429, 'request.rate_limited'));
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await register({}, open, '192.0.2.8')).status).toBe(400);
  });
});

describe('where registration is by invitation', () => {
  it('403: makes nobody a tenant, and 201: lets in who is invited', async () => {
    const person = newPerson();
    const before = await tenantCount();

    expect(await register({ ...person, tenant_name: 'Own' }, byInvitation)).toMatchObject(
      problem(403, 'registration.closed'),
    );
    expect(await tenantCount()).toBe(before);
    const invitation_token = await invitationFor(person.email);
    expect((await register({ invitation_token, password: person.password }, byInvitation)).status).toBe(201);
  });
});

describe('where registration is closed', () => {
  it('403: lets nobody in, invited or not', async () => {
    const { email, password } = newPerson();
    const invitation_token = await invitationFor(email);

    for (const body of [
      { email, password, tenant_name: 'Own' },
      { invitation_token, password },
    ])
      expect(await register(body, closed)).toMatchObject(problem(403, 'registration.closed'));
  });
});
