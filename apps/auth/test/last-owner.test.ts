/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { User } from '@parley/contracts';
import { newServers, problem, startAuth, type RunningAuth, type Servers } from './auth-under-test.js';
import { newPerson, newTenant } from './members.js';

let servers: Servers;
let auth: RunningAuth;

beforeAll(async () => {
  servers = await newServers();
  auth = await startAuth({ ...servers.env, PARLEY_REGISTRATION: 'open' });
}, 60_000);

afterAll(async () => {
  await auth.stop();
  await servers.close();
});

it('409: the last owner who can log in stays, whoever else is one without having proven their address', async () => {
  const [last, { email }] = [await newTenant(auth), await newTenant(auth)];
  const { token } = last;
  const named = { ...newPerson(), email, role: 'owner' };
  const { id: unproven } = (await auth.call<User>('POST', '/v1/users', { token, body: named })).body;
  const demote = (id: string) => auth.call('PATCH', `/v1/users/${id}`, { token, body: { role: 'admin' } });

  expect(await auth.call('DELETE', `/v1/users/${last.id}`, { token })).toMatchObject(problem(409, 'owner.last'));
  expect(await demote(last.id)).toMatchObject(problem(409, 'owner.last'));
  expect((await demote(unproven)).status).toBe(200);
});
