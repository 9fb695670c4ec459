/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rolePermissions } from '@parley/contracts';
import {
  exchange,
  login,
  newOwner,
  newServers,
  problem,
  startAuth,
  type RunningAuth,
  type Servers,
  type Tokens,
} from './auth-under-test.js';

let servers: Servers;
let auth: RunningAuth;
const owner = newOwner();

beforeAll(async () => {
  servers = await newServers();
  auth = await startAuth({ ...servers.env, ...owner.env });
}, 60_000);

afterAll(async () => {
  await auth.stop();
  await servers.close();
});

const refresh = (refreshToken: string) =>
  auth.call<Tokens>('POST', '/v1/auth/refresh', { body: { refresh_token: refreshToken } });
const me = (token: string) => auth.call('GET', '/v1/auth/me', { token });

describe('POST /v1/auth/login', () => {
  it('200: answers tokens that work, whatever the case of the address', async () => {
    const answer = await auth.call<Tokens>('POST', '/v1/auth/login', {
      body: { email: owner.email.toUpperCase(), password: owner.password },
    });

    expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 300 } });
    expect((await me(answer.body.access_token)).status).toBe(200);
  });

  it('401: says the same of a wrong password and of an unknown address', async () => {
    const wrong = await auth.call('POST', '/v1/auth/login', { body: { email: owner.email, password: 'wrong' } });
    const unknown = await auth.call('POST', '/v1/auth/login', {
      body: { email: 'nobody@acme.example', password: owner.password },
    });

    expect(wrong).toMatchObject(problem(401, 'login.failed'));
    expect({ ...unknown.body, request_id: '' }).toEqual({ ...wrong.body, request_id: '' });
  });

  it.each([
    ['no password', { email: owner.email }],
    ['an address that is none', { email: 'acme', password: 'secret-word' }],
    ['a field that the route does not know', { email: owner.email, password: 'secret-word', remember: true }],
  ])('400: refuses %s, and repeats no value', async (_, body) => {
    const answer = await auth.call('POST', '/v1/auth/login', { body });

    expect(answer).toMatchObject(problem(400, 'request.invalid'));
    expect(JSON.stringify(answer.body)).not.toContain('secret-word');
  });

  it('405: names the method that the route takes', async () => {
    const answer = await auth.call('GET', '/v1/auth/login');

    expect(answer).toMatchObject(problem(405, 'request.method_not_allowed'));
    expect(answer.headers.get('allow')).toContain('POST');
  });
});

describe('POST /v1/auth/refresh', () => {
  it('200: replaces the token by another pair', async () => {
    const first = await login(auth, owner);

    const second = await refresh(first.refresh_token);

    expect(second.status).toBe(200);
    expect(second.body.refresh_token).not.toBe(first.refresh_token);
    expect((await me(second.body.access_token)).status).toBe(200);
    expect((await refresh(second.body.refresh_token)).status).toBe(200);
  });

  it('401: ends the whole login when a replaced token comes again', async () => {
    const first = await login(auth, owner);
    const second = await refresh(first.refresh_token);

    expect(await refresh(first.refresh_token)).toMatchObject(problem(401, 'refresh_token.reused'));

    expect(await refresh(second.body.refresh_token)).toMatchObject(problem(401, 'refresh_token.invalid'));
  });

  it('lets one of many parallel refreshes through, and no token of that login survives the others', async () => {
    const { refresh_token } = await login(auth, owner);

    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(refresh_token)));

    const winners = answers.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(1);
    expect(await refresh(winners[0]?.body.refresh_token ?? '')).toMatchObject(problem(401, 'refresh_token.invalid'));
  });

  it('leaves other logins of the same user alone', async () => {
    const [stolen, other] = [await login(auth, owner), await login(auth, owner)];
    await refresh(stolen.refresh_token);
    await refresh(stolen.refresh_token);

    expect((await refresh(other.refresh_token)).status).toBe(200);
  });

  it('401: takes no access token in a refresh token’s place, and no refresh token in an access token’s', async () => {
    const tokens = await login(auth, owner);

    expect(await refresh(tokens.access_token.slice(0, 500))).toMatchObject(problem(401, 'refresh_token.invalid'));
    expect(await me(tokens.refresh_token)).toMatchObject(problem(401, 'credential.invalid'));
  });
});

describe('POST /v1/auth/logout', () => {
  it('204: kills the refresh token of this login, and may be called again', async () => {
    const { access_token: token, refresh_token } = await login(auth, owner);

    expect((await auth.call('POST', '/v1/auth/logout', { token })).status).toBe(204);
    expect((await auth.call('POST', '/v1/auth/logout', { token })).status).toBe(204);

    expect(await refresh(refresh_token)).toMatchObject(problem(401, 'refresh_token.invalid'));
  });

  it('204: takes the refresh token of the same login, and 401: none of another, whose login goes on', async () => {
    const [mine, other] = [await login(auth, owner), await login(auth, owner)];
    const logout = (refresh_token: string) =>
      auth.call('POST', '/v1/auth/logout', { token: mine.access_token, body: { refresh_token } });

    expect(await logout(other.refresh_token)).toMatchObject(problem(401, 'refresh_token.invalid'));
    expect((await logout(mine.refresh_token)).status).toBe(204);

    expect(await refresh(mine.refresh_token)).toMatchObject(problem(401, 'refresh_token.invalid'));
    expect((await refresh(other.refresh_token)).status).toBe(200);
  });

  it.each([
    [{ everywhere: true }, 'everywhere'],
    [[], ''],
    [{ refresh_token: 7 }, 'refresh_token'],
  ])('400: refuses the body %j, names the field and ends nothing', async (body, path) => {
    const { access_token: token, refresh_token } = await login(auth, owner);

    const answer = await auth.call('POST', '/v1/auth/logout', { token, body });

    expect(answer).toMatchObject(problem(400, 'request.invalid'));
    expect(answer.body).toMatchObject({ errors: [expect.objectContaining({ path })] });
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  it('403: has nothing to end for an API key', async () => {
    const token = await exchange(auth, owner.apiKey);

    expect(await auth.call('POST', '/v1/auth/logout', { token })).toMatchObject(problem(403, 'request.forbidden'));
  });

  it('401: without a token', async () => {
    expect(await auth.call('POST', '/v1/auth/logout')).toMatchObject(problem(401, 'request.unauthenticated'));
  });
});

describe('GET /v1/auth/me', () => {
  it('200: says who the user is', async () => {
    const { access_token } = await login(auth, owner);

    expect((await me(access_token)).body).toEqual({
      id: expect.any(String),
      tenant_id: expect.any(String),
      email: owner.email,
      subject_type: 'user',
      actors: [],
      tenant_name: owner.tenant,
      role: 'owner',
      permissions: [...rolePermissions.owner],
      api_key_id: null,
    });
  });

  it('200: says which key an API key is, and whose', async () => {
    const answer = await me(await exchange(auth, owner.apiKey));

    expect(answer.body).toMatchObject({ email: owner.email, api_key_id: expect.any(String) });
    expect(answer.headers.get('x-ratelimit-limit-requests')).toBe('1000000');
  });

  it('401: without a credential, with a forged one, and with an API key that was not exchanged', async () => {
    const { access_token } = await login(auth, owner);
    const none = await auth.call('GET', '/v1/auth/me');

    expect(none).toMatchObject(problem(401, 'request.unauthenticated'));
    expect(none.headers.get('www-authenticate')).toBe('Bearer');
    expect(await me(`${access_token.slice(0, -8)}AAAAAAAA`)).toMatchObject(problem(401, 'credential.invalid'));
    expect(await me(owner.apiKey)).toMatchObject(problem(401, 'credential.invalid'));
  });

  it('401: whatever other headers claim an identity', async () => {
    const headers = { 'x-tenant-id': owner.tenant, 'x-user-id': owner.email, 'x-api-key': owner.apiKey };

    expect(await auth.call('GET', '/v1/auth/me', { headers })).toMatchObject(problem(401, 'request.unauthenticated'));
  });
});
