/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CreatedInvitation, Invitation, InvitationPage } from '@parley/contracts';
import { login, problem, startWithOwner, type AuthWithOwner } from './auth-under-test.js';
import { newMember, newPerson } from './members.js';

let auth: AuthWithOwner;

/** Registration as it is where nobody says anything: by invitation. */
beforeAll(async () => {
  auth = await startWithOwner({ REGISTRATIONS_PER_MINUTE: '1000' });
}, 60_000);

afterAll(() => auth.stop());

const invite = (body: object, as = auth.token) =>
  auth.call<CreatedInvitation>('POST', '/v1/invitations', { token: as, body });
const list = (query = '') => auth.call<InvitationPage>('GET', `/v1/invitations${query}`, { token: auth.token });
const revoke = (id: string, as = auth.token) => auth.call('DELETE', `/v1/invitations/${id}`, { token: as });
const accept = (invitation_token: string, password: string, new_password?: string) =>
  auth.call('POST', '/v1/auth/register', { body: { invitation_token, password, new_password } });
const statusOf = async (id: string) => (await list()).body.data.find((invitation) => invitation.id === id)?.status;
const me = (as: string) => auth.call('GET', '/v1/auth/me', { token: as });

describe('POST /v1/invitations', () => {
  it('201: answers a token, good for 7 days', async () => {
    const { email } = newPerson();
    const { status, body } = await invite({ email: email.toUpperCase(), role: 'developer' });

    expect({ status, body }).toEqual({
      status: 201,
      body: {
        id: expect.any(String),
        email,
        role: 'developer',
        status: 'pending',
        created_at: expect.any(String),
        expires_at: expect.any(String),
        token: expect.stringMatching(/^pli_/),
      },
    });
    expect(Date.parse(body.expires_at) - Date.parse(body.created_at)).toBe(7 * 86_400_000);
  });

  it('409: for an address of the tenant', async () => {
    expect(await invite({ email: auth.owner.email, role: 'viewer' })).toMatchObject(problem(409, 'user.exists'));
  });

  it('403: invites to no role that the caller lacks, and nobody without users:write', async () => {
    const [admin, operator] = [
      await newMember(auth, auth.token, 'admin'),
      await newMember(auth, auth.token, 'operator'),
    ];
    const body = { email: newPerson().email, role: 'owner' };

    expect(await invite(body, admin.token)).toMatchObject(problem(403, 'permission.not_grantable'));
    expect(await invite(body, operator.token)).toMatchObject(problem(403, 'request.forbidden'));
  });

  it('404: for a role that the tenant does not have', async () => {
    expect(await invite({ email: newPerson().email, role: 'captain' })).toMatchObject(problem(404, 'role.not_found'));
  });

  it.each([
    ['no address', { role: 'viewer' }, 'email'],
    ['a life of 59 s', { email: 'a@acme.example', role: 'viewer', expires_in_s: 59 }, 'expires_in_s'],
    ['permissions besides the role', { email: 'a@acme.example', role: 'viewer', permissions: [] }, 'permissions'],
  ])('400: refuses %s and names the field', async (_, body, path) => {
    const answer = await invite(body);

    expect(answer).toMatchObject(problem(400, 'request.invalid'));
    expect(answer.body).toMatchObject({ errors: [expect.objectContaining({ path })] });
  });
});

describe('POST /v1/auth/register with an invitation', () => {
  it('201: makes the account that the invitation is for, and no second one', async () => {
    const { email, password } = newPerson();
    const { body } = await invite({ email, role: 'developer' });

    const answer = await accept(body.token, password);

    expect({ status: answer.status, body: answer.body }).toEqual({
      status: 201,
      body: { email, tenant_name: auth.owner.tenant },
    });
    expect((await me((await login(auth, { email, password })).access_token)).body).toMatchObject({
      email,
      role: 'developer',
      tenant_name: auth.owner.tenant,
    });
    expect(await statusOf(body.id)).toBe('accepted');
    expect(await accept(body.token, password)).toMatchObject(problem(400, 'one_time_token.invalid'));
  });

  it('is accepted once, however many try at the same time', async () => {
    const { email, password } = newPerson();
    const { token: invitation } = (await invite({ email, role: 'viewer' })).body;

    const answers = await Promise.all(Array.from({ length: 5 }, () => accept(invitation, password)));

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  it('400: for a token that is unknown, was taken back or has expired', async () => {
    const { email, password } = newPerson();
    const invalid = problem(400, 'one_time_token.invalid');
    const [revoked, expired] = [await invite({ email, role: 'viewer' }), await invite({ email, role: 'viewer' })];
    await revoke(revoked.body.id);
    await auth.servers.database.query('update invitations set expires_at = now() where id = $1', [expired.body.id]);

    expect(await accept(`pli_${'x'.repeat(43)}`, password)).toMatchObject(invalid);
    expect(await accept(revoked.body.token, password)).toMatchObject(invalid);
    expect(await accept(expired.body.token, password)).toMatchObject(invalid);
    expect(await statusOf(expired.body.id)).toBe('expired');
  });

  it.each([
    ['was removed', (id: string) => auth.call('DELETE', `/v1/users/${id}`, { token: auth.token })],
    [
      'lost the role',
      (id: string) => auth.call('PATCH', `/v1/users/${id}`, { token: auth.token, body: { role: 'operator' } }),
    ],
  ])('400: where whoever invited %s', async (_, lose) => {
    const admin = await newMember(auth, auth.token, 'admin');
    const { email, password } = newPerson();
    const { body } = await invite({ email, role: 'admin' }, admin.token);
    await lose(admin.id);

    expect(await accept(body.token, password)).toMatchObject(problem(400, 'one_time_token.invalid'));
  });

  it('400: for a new account with a common password', async () => {
    const { body } = await invite({ email: newPerson().email, role: 'viewer' });

    expect(await accept(body.token, 'password123')).toMatchObject(problem(400, 'request.invalid'));
    expect(await statusOf(body.id)).toBe('pending');
  });

  it('409: for one who has become a member by another way', async () => {
    const person = newPerson();
    const { body } = await invite({ email: person.email, role: 'admin' });
    await auth.call('POST', '/v1/users', { token: auth.token, body: { ...person, role: 'viewer' } });

    const answer = await accept(body.token, person.password, newPerson().password);

    expect(answer).toMatchObject(problem(409, 'user.exists'));
    expect(await login(auth, person)).toHaveProperty('access_token');
  });
});

describe('GET /v1/invitations', () => {
  it('200: pages through every invitation once, newest first, and never shows a token', async () => {
    const made: string[] = [];
    for (let n = 0; n < 3; n++) made.unshift((await invite({ email: newPerson().email, role: 'viewer' })).body.id);

    const seen: Invitation[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: InvitationPage = (await list(`?limit=2${cursor && `&cursor=${cursor}`}`)).body;
      seen.push(...page.data);
      cursor = page.next_cursor;
    }

    expect(seen.slice(0, 3).map(({ id }) => id)).toEqual(made);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    expect(JSON.stringify(seen)).not.toContain('pli_');
  });

  it('400: refuses a cursor that it did not give out', async () => {
    expect(await list('?cursor=bm9wZQ')).toMatchObject(problem(400, 'cursor.invalid'));
  });

  it('403: for a caller who may not read users', async () => {
    const { token: viewer } = await newMember(auth, auth.token, 'viewer');
    expect(await auth.call('GET', '/v1/invitations', { token: viewer })).toMatchObject(
      problem(403, 'request.forbidden'),
    );
  });
});

describe('DELETE /v1/invitations/{id}', () => {
  it('204: takes the invitation back, and may be called again', async () => {
    const { body } = await invite({ email: newPerson().email, role: 'viewer' });

    expect((await revoke(body.id)).status).toBe(204);
    expect((await revoke(body.id)).status).toBe(204);

    expect(await statusOf(body.id)).toBe('revoked');
  });

  it('403: an admin takes back no invitation of an owner’s', async () => {
    const { token: admin } = await newMember(auth, auth.token, 'admin');
    const { body } = await invite({ email: newPerson().email, role: 'owner' });

    expect(await revoke(body.id, admin)).toMatchObject(problem(403, 'permission.not_grantable'));

    expect(await statusOf(body.id)).toBe('pending');
  });

  it('404: for one that is not there, and 400: for an id that is none', async () => {
    expect(await revoke(randomUUID())).toMatchObject(problem(404, 'invitation.not_found'));
    expect(await revoke('1')).toMatchObject(problem(400, 'request.invalid'));
  });
});

it('invitations that are over are kept for 30 days, and not a day longer; pending ones until they are over', async () => {
  const [old, recent, pending] = [
    await invite({ email: newPerson().email, role: 'viewer' }),
    await invite({ email: newPerson().email, role: 'viewer' }),
    await invite({ email: newPerson().email, role: 'viewer', expires_in_s: 2_592_000 }),
  ];
  const endedFor = (age: string, { id }: Invitation) =>
    auth.servers.database.query(`update invitations set revoked_at = now() - interval '${age}' where id = $1`, [id]);
  await endedFor('31 days', old.body);
  await endedFor('29 days', recent.body);

  await auth.sweep();

  expect(await statusOf(old.body.id)).toBeUndefined();
  expect(await statusOf(recent.body.id)).toBe('revoked');
  expect(await statusOf(pending.body.id)).toBe('pending');
});
