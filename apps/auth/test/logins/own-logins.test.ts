/** Real: two instances of the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loginPage, type LoginPage } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { problem, startAuth, type RunningAuth, type Tokens } from '../auth-under-test.js';
import { addMember } from '../people.js';
import { authWithOwner, type AuthWithOwner } from './fixture.js';

let sut: AuthWithOwner;
let other: RunningAuth;

beforeAll(async () => {
  sut = await authWithOwner({ PARLEY_TRUSTED_PROXIES: '127.0.0.1' });
  other = await startAuth({ ...sut.servers.env, ...sut.owner.env });
}, 60_000);

afterAll(async () => {
  await other.stop();
  await sut.stop();
});

const list = async (token: string, query = '') =>
  (await sut.auth.call<LoginPage>('GET', `/v1/auth/logins${query}`, { token })).body;
const idOf = async ({ access_token }: Tokens) =>
  (await list(access_token)).data.find(({ current }) => current)?.id ?? 'none';
const end = (token: string, id = '') => sut.auth.call('DELETE', `/v1/auth/logins${id}`, { token });

/** Within two seconds, at an instance that was not asked. */
const expectRefused = (token: string) =>
  eventually(
    async () =>
      expect(await other.call('GET', '/v1/auth/me', { token })).toMatchObject(problem(401, 'credential.revoked')),
    { timeoutMs: 2_000 },
  );

describe('GET /v1/auth/logins', () => {
  it('200: lists where the user is logged in, newest first, and which login this is', async () => {
    const headers = { 'x-forwarded-for': '2001:db8::7', 'user-agent': `browser ${'x'.repeat(1_000)}` };
    const before = await sut.login();
    const now = (await sut.tryLogin(sut.owner.password, sut.owner.email, headers)).body;

    const { data } = await list(now.access_token);

    expect(data[0]).toEqual({
      id: expect.any(String),
      current: true,
      created_at: expect.any(String),
      last_used_at: expect.any(String),
      expires_at: expect.any(String),
      address: '2001:db8::7',
      user_agent: headers['user-agent'].slice(0, 400),
    });
    expect(data[1]).toMatchObject({ id: await idOf(before), current: false, address: '127.0.0.1' });
  });

  it('200: knows no address where the proxy says what is none, and the login goes on all the same', async () => {
    const { body } = await sut.tryLogin(sut.owner.password, sut.owner.email, { 'x-forwarded-for': '192.0.2.256' });

    expect((await list(body.access_token)).data[0]).toMatchObject({ current: true, address: null });
  });

  it('200: says when a login was last used, and until when it can be', async () => {
    const first = await sut.login();
    const newest = async () => loginPage.parse(await list(first.access_token)).data.slice(0, 1);
    const before = await newest();

    await sut.refresh(first.refresh_token);

    const after = await newest();
    const times = (key: 'last_used_at' | 'expires_at') => [before, after].map(([login]) => login?.[key]);
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    for (const [earlier = '', later = ''] of [times('last_used_at'), times('expires_at')])
      expect(later > earlier).toBe(true);
  });

  it('200: goes on by cursor, and shows each login once', async () => {
    const { access_token: token } = await sut.login();
    await sut.login();
    const all = (await list(token)).data.map(({ id }) => id);
    const paged: string[] = [];

    for (let query = '?limit=2'; query !== '';) {
      const page = await list(token, query);
      paged.push(...page.data.map(({ id }) => id));
      query = page.next_cursor === null ? '' : `?limit=2&cursor=${page.next_cursor}`;
    }

    expect(all.length).toBeGreaterThan(2);
    expect(paged).toEqual(all);
  });

  it('200: leaves out logins that have ended or expired', async () => {
    const [now, ended, expired] = [await sut.login(), await sut.login(), await sut.login()];
    const [endedId, expiredId] = [await idOf(ended), await idOf(expired)];
    await end(now.access_token, `/${endedId}`);
    await sut.servers.database.query('update logins set expires_at = now() where id = $1', [expiredId]);

    const ids = (await list(now.access_token)).data.map(({ id }) => id);

    expect(ids).not.toContain(endedId);
    expect(ids).not.toContain(expiredId);
  });

  it('400: takes no cursor that it did not give', async () => {
    const { access_token: token } = await sut.login();

    expect(await sut.auth.call('GET', '/v1/auth/logins?cursor=x', { token })).toMatchObject(
      problem(400, 'cursor.invalid'),
    );
  });
});

describe('DELETE /v1/auth/logins/{id}', () => {
  it('204: ends one login, its access token everywhere within two seconds; also the second time', async () => {
    const [mine, lost] = [await sut.login(), await sut.login()];
    const id = await idOf(lost);
    expect((await other.call('GET', '/v1/auth/me', { token: lost.access_token })).status).toBe(200);

    expect((await end(mine.access_token, `/${id}`)).status).toBe(204);
    expect((await end(mine.access_token, `/${id}`)).status).toBe(204);

    expect(await sut.refresh(lost.refresh_token)).toMatchObject(problem(401, 'refresh_token.invalid'));
    await expectRefused(lost.access_token);
    expect((await sut.refresh(mine.refresh_token)).status).toBe(200);
  });

  it('404: for a login of another user of the tenant, which goes on, and for none', async () => {
    const mine = await sut.login();
    const tenantId = String((await sut.me(mine.access_token)).body['tenant_id']);
    const { email } = await addMember(sut.servers, { tenantId, role: 'viewer' }, sut.owner.email);
    const theirs = (await sut.tryLogin(sut.owner.password, email)).body;

    for (const id of [await idOf(theirs), randomUUID()])
      expect(await end(mine.access_token, `/${id}`)).toMatchObject(problem(404, 'login.not_found'));
    expect((await sut.refresh(theirs.refresh_token)).status).toBe(200);
  });
});

describe('DELETE /v1/auth/logins', () => {
  it('204: ends all of the user’s, the one of the call too', async () => {
    const [mine, elsewhere] = [await sut.login(), await sut.login()];

    expect((await end(mine.access_token)).status).toBe(204);

    for (const { access_token, refresh_token } of [mine, elsewhere]) {
      expect(await sut.refresh(refresh_token)).toMatchObject(problem(401, 'refresh_token.invalid'));
      await expectRefused(access_token);
    }
  });

  it('204: keeps the one of the call where it is told to', async () => {
    const [mine, elsewhere] = [await sut.login(), await sut.login()];

    expect((await end(mine.access_token, '?keep_current=true')).status).toBe(204);

    expect((await sut.refresh(mine.refresh_token)).status).toBe(200);
    expect(await sut.refresh(elsewhere.refresh_token)).toMatchObject(problem(401, 'refresh_token.invalid'));
  });
});

describe('all routes of logins', () => {
  it.each([
    ['GET', ''],
    ['DELETE', ''],
    ['DELETE', '/00000000-0000-4000-8000-000000000000'],
  ] as const)('403: %s %s is for users who are logged in, and for no key of theirs', async (method, id) => {
    const token = await sut.keyToken();

    expect(await sut.auth.call(method, `/v1/auth/logins${id}`, { token })).toMatchObject(
      problem(403, 'request.forbidden'),
    );
  });

  it('401: without a token', async () => {
    expect(await sut.auth.call('GET', '/v1/auth/logins')).toMatchObject(problem(401, 'request.unauthenticated'));
  });
});
