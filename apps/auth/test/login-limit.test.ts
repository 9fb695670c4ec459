/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: the proxy in front, by its header alone. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newServers, problem, startAuth, type RunningAuth, type Servers } from './auth-under-test.js';

let servers: Servers;
let auth: RunningAuth;

beforeAll(async () => {
  servers = await newServers();
  auth = await startAuth({ ...servers.env, LOGIN_ATTEMPTS_PER_MINUTE: '3', PARLEY_TRUSTED_PROXIES: '127.0.0.1' });
}, 60_000);

afterAll(async () => {
  await auth.stop();
  await servers.close();
});

const guess = (address: string) =>
  auth.call('POST', '/v1/auth/login', {
    body: { email: 'owner@acme.example', password: 'guess' },
    headers: { 'x-forwarded-for': address },
  });

it('refuses the next login from an address that has used up its attempts, says when to return, and leaves others alone', async () => {
  for (let attempt = 0; attempt < 3; attempt++)
    expect(await guess('192.0.2.1')).toMatchObject(problem(401, 'login.failed'));

  const refused = await guess('192.0.2.1');

  expect(refused).toMatchObject(problem(429, 'request.rate_limited'));
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await guess('192.0.2.2')).toMatchObject(problem(401, 'login.failed'));
});
