/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Tenant } from '@parley/contracts';
import { problem, startWithOwner, type AuthWithOwner } from './auth-under-test.js';
import { newMember, newTenant } from './members.js';

let auth: AuthWithOwner;

beforeAll(async () => {
  auth = await startWithOwner({ PARLEY_REGISTRATION: 'open' });
}, 60_000);

afterAll(() => auth.stop());

const get = (as = auth.token) => auth.call<Tenant>('GET', '/v1/tenants/current', { token: as });
const rename = (body: unknown, as = auth.token) =>
  auth.call<Tenant>('PATCH', '/v1/tenants/current', { token: as, body });

describe('GET /v1/tenants/current', () => {
  it('200: answers the caller’s own tenant, to its viewers too', async () => {
    const { token: viewer } = await newMember(auth, auth.token, 'viewer');

    const { status, body } = await get(viewer);

    expect({ status, body }).toEqual({
      status: 200,
      body: { id: expect.any(String), name: auth.owner.tenant, created_at: expect.any(String) },
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
    const { token: admin } = await newMember(auth, auth.token, 'admin');
    expect(await rename({ name: 'Mine' }, admin)).toMatchObject(problem(403, 'request.forbidden'));
  });
});
