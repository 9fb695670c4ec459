/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rolePermissions } from '@parley/contracts';
import { claimsOf, eventually } from '@parley/testing';
import { login } from '../auth-under-test.js';
import { newMember } from '../members.js';
import { OAuthUnderTest, refusal } from './fixture.js';

let oauth: OAuthUnderTest;
beforeAll(async () => {
  oauth = await OAuthUnderTest.start();
}, 60_000);
afterAll(() => oauth.stop());

describe('POST /v1/auth/introspect', () => {
  it('200: says what a good token of the tenant is worth now', async () => {
    const user = await newMember(oauth.auth, oauth.token, 'viewer');
    const agent = await oauth.newAccount();
    const token = await oauth.delegated(agent, user.token, 'models:read');
    const { exp, iat, jti, tenant_id } = claimsOf(token);

    const { status, headers, body } = await oauth.introspect(token);

    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toEqual({
      active: true,
      scope: 'models:read',
      client_id: agent.id,
      sub: user.id,
      tenant_id,
      token_type: 'Bearer',
      iss: 'parley-auth',
      aud: 'parley',
      act: { sub: agent.id },
      ...{ exp, iat, nbf: iat, jti },
    });
  });

  it('200: follows a change of permissions, and a revocation', async () => {
    const user = await newMember(oauth.auth, oauth.token, 'viewer');
    const body = { role: 'developer' };
    await oauth.auth.call('PATCH', `/v1/users/${user.id}`, { token: oauth.token, body });
    await eventually(async () =>
      expect((await oauth.introspect(user.token)).body.scope).toBe(rolePermissions.developer.join(' ')),
    );

    await oauth.post('/v1/auth/revoke', { token: user.token });

    await eventually(async () => expect((await oauth.introspect(user.token)).body).toEqual({ active: false }));
  });

  it('200: says of any other token only that it is not good', async () => {
    const { account: theirs, token: theirOwner } = await oauth.elsewhere();
    const theirToken = String((await oauth.credentials(theirs)).body.access_token);
    const { refresh_token } = await login(oauth.auth, oauth.auth.owner);
    for (const token of ['x', theirOwner, theirToken, refresh_token, oauth.auth.owner.apiKey])
      expect(await oauth.introspect(token)).toMatchObject({ status: 200, body: { active: false } });
    expect((await oauth.introspect(theirToken)).body).toEqual({ active: false });
  });

  it('400 invalid_request: without a token, and for JSON', async () => {
    const headers = { authorization: `Bearer ${oauth.token}` };
    expect(await oauth.post('/v1/auth/introspect', {}, headers)).toMatchObject(refusal(400, 'invalid_request'));
    const json = { ...headers, 'content-type': 'application/json' };
    expect(await oauth.post('/v1/auth/introspect', '{}', json)).toMatchObject(refusal(415, 'invalid_request'));
  });

  it('401 invalid_token, 403 insufficient_scope: to callers that may not ask', async () => {
    expect(await oauth.post('/v1/auth/introspect', { token: 'x' })).toMatchObject(refusal(401, 'invalid_token'));
    const { token } = await newMember(oauth.auth, oauth.token, 'developer');
    expect(await oauth.introspect(token, token)).toMatchObject(refusal(403, 'insufficient_scope'));
  });
});
