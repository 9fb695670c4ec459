/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Tenant } from '@parley/contracts';
import { login, newOwner, newServers, problem, startAuth, type RunningAuth, type Servers } from './auth-under-test.js';
import { newMember, newTenant } from './members.js';

let servers: Servers;
let auth: RunningAuth;
let token: string;
const owner = newOwner();

beforeAll(async () => {
  servers = await newServers();
  auth = await startAuth({ ...servers.env, ...owner.env, PARLEY_REGISTRATION: 'open' });
  token = (await login(auth, owner)).access_token;
}, 60_000);

afterAll(async () => {
  await auth.stop();
  await servers.close();
});

const get = (as = token) => auth.call<Tenant>('GET', '/v1/tenants/current', { token: as });
const rename = (body: unknown, as = token) => auth.call<Tenant>('PATCH', '/v1/tenants/current', { token: as, body });

describe('GET /v1/tenants/current', () => {
  it('200: answers the caller’s own tenant, to its viewers too', async () => {
    const { token: viewer } = await newMember(auth, token, 'viewer');

    const { status, body } = await get(viewer);

    expect({ status, body }).toEqual({
      status: 200,
      body: { id: expect.any(String), name: owner.tenant, created_at: expect.any(String) },
    });
  });

  it('401: without a credential', async () => {
    expect(await auth.call('GET', '/v1/tenants/current')).toMatchObject(problem(401, 'request.unauthenticated'));
  });
});

describe('PATCH /v1/tenants/current', () => {
  it('200: renames the caller’s tenant and no other', async () => {
    const other = await newTenant(auth);

    expect(await rename({ name: ' Acme & Söhne ' })).toMatchObject({ status: 200, body: { name: 'Acme & Söhne' } });

    expect((await get()).body.name).toBe('Acme & Söhne');
    expect((await get(other.token)).body.name).toBe('Globex');
  });

  it.each([
    ['no name', {}, 'name'],
    ['an empty name', { name: ' ' }, 'name'],
    ['a name with U+0000', { name: 'nul \u0000' }, 'name'],
    ['an id, which nobody can give', { name: 'x', id: 'y' }, 'id'],
  ])('400: refuses %s and names the field', async (_, body, path) => {
    const answer = await rename(body);

    expect(answer).toMatchObject(problem(400, 'request.invalid'));
    expect(answer.body).toMatchObject({ errors: [expect.objectContaining({ path })] });
  });

  it('403: for everybody but owners', async () => {
    const { token: admin } = await newMember(auth, token, 'admin');
    expect(await rename({ name: 'Mine' }, admin)).toMatchObject(problem(403, 'request.forbidden'));
  });
});
