/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: memberships of further tenants, put into the database. */
import { randomUUID } from 'node:crypto';
import { beforeAll, afterAll, describe, expect, it } from '@jest/globals';
import { problem, startAuth, type Tokens } from '../auth-under-test.js';
import { authWithOwner, type AuthWithOwner } from '../logins/fixture.js';
import { addMember } from '../people.js';

let sut: AuthWithOwner;
let tenantId: string;

beforeAll(async () => {
  sut = await authWithOwner();
  tenantId = String((await sut.me((await sut.login()).access_token)).body['tenant_id']);
}, 60_000);

afterAll(() => sut.stop());

const newPassword = 'another correct horse';

/** A user with the owner's password, logged in. */
async function newUser() {
  const { email } = await addMember(sut.servers, { tenantId, role: 'viewer' }, sut.owner.email);
  const login = async (password = sut.owner.password, tenant_id?: string) =>
    (await sut.auth.call<Tokens>('POST', '/v1/auth/login', { body: { email, password, tenant_id } })).body;
  return { email, login, tokens: await login() };
}

const change = (token: string, current_password: string, new_password = newPassword) =>
  sut.auth.call('POST', '/v1/auth/password', { token, body: { current_password, new_password } });

describe('POST /v1/auth/password', () => {
  it('204: the new password is good from now on, and the old one is not', async () => {
    const { email, tokens } = await newUser();

    expect((await change(tokens.access_token, sut.owner.password)).status).toBe(204);

    expect((await sut.tryLogin(newPassword, email)).status).toBe(200);
    expect(await sut.tryLogin(sut.owner.password, email)).toMatchObject(problem(401, 'login.failed'));
  });

  it('204: ends all other logins of the user, in every tenant, and keeps the one of the call', async () => {
    const { email, login, tokens } = await newUser();
    const elsewhere = randomUUID();
    await sut.servers.database.query(`insert into tenants (id, name, created_at) values ($1, 'x', now())`, [elsewhere]);
    await sut.servers.database.query(
      `insert into memberships (tenant_id, user_id, role, created_at) select $1, id, 'viewer', now() from users where email = $2`,
      [elsewhere, email],
    );
    const others = [await login(), await login(sut.owner.password, elsewhere)];

    await change(tokens.access_token, sut.owner.password);

    for (const { access_token, refresh_token } of others) {
      expect(await sut.refresh(refresh_token)).toMatchObject(problem(401, 'refresh_token.invalid'));
      expect(await sut.me(access_token)).toMatchObject(problem(401, 'credential.revoked'));
    }
    expect((await sut.me(tokens.access_token)).status).toBe(200);
    expect((await sut.refresh(tokens.refresh_token)).status).toBe(200);
  });

  it('204: no login outlives it that was under way with the old password', async () => {
    const { email, tokens } = await newUser();
    const attempts = Array.from({ length: 6 }, () => sut.tryLogin(sut.owner.password, email));

    await change(tokens.access_token, sut.owner.password);

    for (const { status, body } of await Promise.all(attempts))
      if (status === 200)
        expect(await sut.refresh(body.refresh_token)).toMatchObject(problem(401, 'refresh_token.invalid'));
  });

  it('401: with a wrong current password, and nothing changes', async () => {
    const { login, tokens } = await newUser();

    expect(await change(tokens.access_token, 'wrong')).toMatchObject(problem(401, 'login.failed'));

    expect((await login()).access_token).toEqual(expect.any(String));
  });

  it('400: refuses a common password, the address and one that is too short, by the field’s name', async () => {
    const { email, tokens } = await newUser();

    for (const password of ['Password123', email, 'short']) {
      const answer = await change(tokens.access_token, sut.owner.password, password);
      expect(answer).toMatchObject(problem(400, 'request.invalid'));
      expect(answer.body).toMatchObject({ errors: [expect.objectContaining({ path: 'new_password' })] });
    }
  });

  it('429: wrong current passwords lock the account as those of logins do', async () => {
    const { tokens } = await newUser();
    for (let wrong = 0; wrong < 5; wrong++) await change(tokens.access_token, 'wrong');

    expect(await change(tokens.access_token, sut.owner.password)).toMatchObject(problem(429, 'login.locked'));
  });

  it('403: is for users who are logged in, and for no key of theirs', async () => {
    expect(await change(await sut.keyToken(), sut.owner.password)).toMatchObject(problem(403, 'request.forbidden'));
  });

  it('401: without a token', async () => {
    const body = { current_password: 'x', new_password: newPassword };
    const answer = await sut.auth.call('POST', '/v1/auth/password', { body });

    expect(answer).toMatchObject(problem(401, 'request.unauthenticated'));
  });
});

it('a password is hashed anew at the login after the parameters were raised, and at no other', async () => {
  const { servers } = sut;
  const { email } = await addMember(servers, { tenantId, role: 'viewer' }, sut.owner.email);
  const stored = async () => {
    const [row] = await servers.database.query<{ hash: string }>(
      'select password_hash as hash from users where email = $1',
      [email],
    );
    return row?.hash;
  };
  const before = await stored();
  await sut.tryLogin(sut.owner.password, email);
  expect(await stored()).toBe(before);

  const raised = await startAuth({ ...servers.env, PASSWORD_MEMORY_KIB: '20000', PASSWORD_PASSES: '3' });
  try {
    const body = { email, password: sut.owner.password };
    expect((await raised.call('POST', '/v1/auth/login', { body: { email, password: 'wrong' } })).status).toBe(401);
    expect(await stored()).toBe(before);
    expect((await raised.call('POST', '/v1/auth/login', { body })).status).toBe(200);
    const after = await stored();
    expect(after).toMatch(/^\$argon2id\$v=19\$m=20000,t=3,p=1\$/);
    expect((await raised.call('POST', '/v1/auth/login', { body })).status).toBe(200);
    expect(await stored()).toBe(after);
  } finally {
    await raised.stop();
  }
  expect((await sut.tryLogin(sut.owner.password, email)).status).toBe(200);
});
