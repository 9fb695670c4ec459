/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { platformPermissions, rolePermissions, type ServiceAccountWithSecret } from '@parley/contracts';
import { exchange, problem, startWithOwner, type AuthWithOwner } from './auth-under-test.js';

let auth: AuthWithOwner;

beforeAll(async () => {
  auth = await startWithOwner();
}, 60_000);

afterAll(() => auth.stop());

const me = (token: string) => auth.call('GET', '/v1/auth/me', { token });

describe('GET /v1/auth/me', () => {
  it('200: says who the user is', async () => {
    expect((await me(auth.token)).body).toEqual({
      id: expect.any(String),
      tenant_id: expect.any(String),
      email: auth.owner.email,
      subject_type: 'user',
      actors: [],
      tenant_name: auth.owner.tenant,
      role: 'owner',
      permissions: [...rolePermissions.owner, ...platformPermissions],
      api_key_id: null,
    });
  });

  it('200: says which key an API key is, and whose', async () => {
    const answer = await me(await exchange(auth, auth.owner.apiKey));

    expect(answer.body).toMatchObject({ email: auth.owner.email, api_key_id: expect.any(String) });
    expect(answer.headers.get('x-ratelimit-limit-requests')).toBe('1000000');
  });

  it('200: says which service account it is, which has no address', async () => {
    const { token } = auth;
    const body = { name: 'robot', role: 'viewer' };
    const robot = (await auth.call<ServiceAccountWithSecret>('POST', '/v1/service-accounts', { token, body })).body;
    const answer = await fetch(`${auth.url}/v1/auth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: robot.id,
        client_secret: robot.client_secret,
      }),
    });

    expect((await me(((await answer.json()) as { access_token: string }).access_token)).body).toMatchObject({
      id: robot.id,
      subject_type: 'service_account',
      email: null,
      tenant_name: auth.owner.tenant,
      role: 'viewer',
      permissions: [...rolePermissions.viewer],
      api_key_id: null,
    });
  });

  it('401: without a credential, with a forged one, and with an API key that was not exchanged', async () => {
    const none = await auth.call('GET', '/v1/auth/me');

    expect(none).toMatchObject(problem(401, 'request.unauthenticated'));
    expect(none.headers.get('www-authenticate')).toBe('Bearer');
    expect(await me(`${auth.token.slice(0, -8)}AAAAAAAA`)).toMatchObject(problem(401, 'credential.invalid'));
    expect(await me(auth.owner.apiKey)).toMatchObject(problem(401, 'credential.invalid'));
  });

  it('401: whatever other headers claim an identity', async () => {
    const headers = { 'x-tenant-id': auth.owner.tenant, 'x-user-id': auth.owner.email, 'x-api-key': auth.owner.apiKey };

    expect(await auth.call('GET', '/v1/auth/me', { headers })).toMatchObject(problem(401, 'request.unauthenticated'));
  });
});
