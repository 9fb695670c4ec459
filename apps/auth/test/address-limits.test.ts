/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: the proxy in front, by its header alone. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newServers, startAuth, type RunningAuth, type Servers } from './auth-under-test.js';

const perMinute = 3;
let servers: Servers;
let auth: RunningAuth;

beforeAll(async () => {
  servers = await newServers();
  const limit = String(perMinute);
  auth = await startAuth({
    ...servers.env,
    PARLEY_TRUSTED_PROXIES: '127.0.0.1',
    REGISTRATIONS_PER_MINUTE: limit,
    LOGIN_ATTEMPTS_PER_MINUTE: limit,
    REFRESHES_PER_MINUTE: limit,
    OAUTH_REQUESTS_PER_MINUTE: limit,
  });
}, 60_000);

afterAll(async () => {
  await auth.stop();
  await servers.close();
});

const typeOf = (path: string) => (/token|revoke/.test(path) ? 'application/x-www-form-urlencoded' : 'application/json');

it.each([
  ['/v1/auth/register', 'a'],
  ['/v1/auth/login', 'b'],
  ['/v1/auth/password-resets', 'c'],
  ['/v1/auth/password-resets/confirm', 'd'],
  ['/v1/auth/refresh', 'e'],
  ['/v1/auth/token', 'f'],
  ['/v1/auth/revoke', '1a'],
])('429: %s counts a whole network of IPv6, whose addresses are one client’s to choose', async (path, network) => {
  const from = async (address: string) => {
    const headers = { 'content-type': typeOf(path), 'x-forwarded-for': address };
    return (await fetch(`${auth.url}${path}`, { method: 'POST', body: '{}', headers })).status;
  };
  for (let client = 1; client <= perMinute; client++)
    expect(await from(`2001:db8:0:${network}::${client}`)).not.toBe(429);

  expect(await from(`2001:db8:0:${network}:ffff::1`)).toBe(429);
  expect(await from(`2001:db8:0:${network}0::1`)).not.toBe(429);
});
