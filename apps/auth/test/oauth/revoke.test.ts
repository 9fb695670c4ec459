/** Real: two instances over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@parley/testing';
import { login, problem, startAuth, type RunningAuth } from '../auth-under-test.js';
import { OAuthUnderTest, refusal } from './fixture.js';

let oauth: OAuthUnderTest;
let elsewhere: RunningAuth;
beforeAll(async () => {
  oauth = await OAuthUnderTest.start({ OAUTH_REQUESTS_PER_MINUTE: '40', PARLEY_TRUSTED_PROXIES: '127.0.0.1' });
  elsewhere = await startAuth({ ...oauth.auth.servers.env });
}, 60_000);
afterAll(async () => {
  await elsewhere.stop();
  await oauth.stop();
});

const revoke = (form: Readonly<Record<string, string>>) => oauth.post('/v1/auth/revoke', form);
const refused = (token: string) =>
  eventually(
    async () => {
      for (const { call } of [oauth.auth, elsewhere])
        expect(await call('GET', '/v1/auth/me', { token })).toMatchObject(problem(401, 'credential.revoked'));
    },
    { timeoutMs: 2_000 },
  );

describe('POST /v1/auth/revoke', () => {
  it('200: an access token is refused everywhere within 2 s, and its login goes on', async () => {
    const { access_token, refresh_token } = await login(oauth.auth, oauth.auth.owner);

    const { status, headers, body } = await revoke({ token: access_token, token_type_hint: 'access_token' });

    expect([status, headers.get('cache-control'), body]).toEqual([200, 'no-store', {}]);
    await refused(access_token);
    expect((await oauth.auth.call('POST', '/v1/auth/refresh', { body: { refresh_token } })).status).toBe(200);
  });

  it('200: a refresh token ends with its login, and so do the access tokens of that', async () => {
    const { access_token, refresh_token } = await login(oauth.auth, oauth.auth.owner);

    expect((await revoke({ token: refresh_token })).status).toBe(200);

    await refused(access_token);
    const answer = await oauth.auth.call('POST', '/v1/auth/refresh', { body: { refresh_token } });
    expect(answer).toMatchObject(problem(401, 'refresh_token.invalid'));
  });

  it('200: what is no good token changes nothing, and neither does a second time', async () => {
    const { access_token } = await login(oauth.auth, oauth.auth.owner);
    for (const token of ['x', 'plr_x', access_token, access_token]) expect((await revoke({ token })).status).toBe(200);
    expect((await oauth.me(oauth.token)).status).toBe(200);
  });

  it('400 invalid_request: without a token', async () => {
    expect(await revoke({})).toMatchObject(refusal(400, 'invalid_request'));
  });

  it('401 invalid_client: by a client with a wrong secret, and the token is still good', async () => {
    const account = await oauth.newAccount();
    const { access_token: token } = await login(oauth.auth, oauth.auth.owner);
    const wrong = { token, client_id: account.id, client_secret: 'pls_wrong' };
    expect(await revoke(wrong)).toMatchObject(refusal(401, 'invalid_client'));
    expect((await oauth.me(token)).status).toBe(200);
    expect((await revoke({ ...wrong, client_secret: account.client_secret })).status).toBe(200);
    await refused(token);
  });
});

it('429: an address that asks too much is refused on the public routes until later, others are not', async () => {
  const from = (address: string) => ({ 'x-forwarded-for': address });
  const ask = (address: string, path: string) => oauth.post(path, { token: 'x' }, from(address));
  for (let asked = 0; asked < 40; asked++) expect((await ask('192.0.2.1', '/v1/auth/revoke')).status).toBe(200);

  for (const path of ['/v1/auth/revoke', '/v1/auth/token']) {
    const answer = await ask('192.0.2.1', path);
    expect(answer).toMatchObject(refusal(429, 'temporarily_unavailable'));
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  expect((await ask('192.0.2.2', '/v1/auth/revoke')).status).toBe(200);
});
