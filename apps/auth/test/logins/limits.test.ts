/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: the proxy in front, by its header alone. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from '@parley/testing';
import { login, newOwner, newServers, problem, startAuth, type RunningAuth, type Servers } from '../auth-under-test.js';

let servers: Servers;
let auth: RunningAuth;
const owner = newOwner();

beforeAll(async () => {
  servers = await newServers();
  auth = await startAuth({
    ...servers.env,
    ...owner.env,
    LOGIN_ATTEMPTS_PER_MINUTE: '4',
    REFRESHES_PER_MINUTE: '6',
    LOGIN_REFRESHES_PER_MINUTE: '2',
    PARLEY_TRUSTED_PROXIES: '127.0.0.1',
  });
}, 60_000);

afterAll(async () => {
  await auth.stop();
  await servers.close();
});

let addresses = 0;
/** An address that nothing was counted for yet. */
const newAddress = () => `192.0.2.${(addresses += 1)}`;
const from = (address: string) => ({ 'x-forwarded-for': address });
const tryLogin = (email: string, password: string, address = newAddress()) =>
  auth.call('POST', '/v1/auth/login', { body: { email, password }, headers: from(address) });
const refresh = (refresh_token: string, address = newAddress()) =>
  auth.call<{ refresh_token: string }>('POST', '/v1/auth/refresh', { body: { refresh_token }, headers: from(address) });

function expectLimited(answer: Answer<unknown>) {
  expect(answer).toMatchObject(problem(429, 'request.rate_limited'));
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
}

describe('logins', () => {
  it('from an address that has used up its attempts are refused until later, those from others are not', async () => {
    const address = newAddress();
    for (let attempt = 0; attempt < 4; attempt++)
      expect((await tryLogin(`someone-${attempt}@acme.example`, 'guess', address)).status).toBe(401);

    expectLimited(await tryLogin('someone@acme.example', 'guess', address));
    expect((await tryLogin('someone@acme.example', 'guess')).status).toBe(401);
  });
});

describe('refreshes', () => {
  it('from an address that has used up its own are refused, whatever they present', async () => {
    const address = newAddress();
    for (let attempt = 0; attempt < 6; attempt++)
      expect(await refresh(`guess-${attempt}`, address)).toMatchObject(problem(401, 'refresh_token.invalid'));

    expectLimited(await refresh('guess', address));
    expect((await refresh('guess')).status).toBe(401);
  });

  it('that come again within the grace are not counted for the login', async () => {
    const { refresh_token } = await login(auth, owner);
    for (let attempt = 0; attempt < 4; attempt++) expect((await refresh(refresh_token)).status).toBe(200);
  });

  it('of one login are limited wherever they come from, and leave its token good for later; others go on', async () => {
    let { refresh_token } = await login(auth, owner);
    for (let attempt = 0; attempt < 2; attempt++) ({ refresh_token } = (await refresh(refresh_token)).body);

    expectLimited(await refresh(refresh_token));
    expectLimited(await refresh(refresh_token));
    expect((await refresh((await login(auth, owner)).refresh_token)).status).toBe(200);
  });
});
