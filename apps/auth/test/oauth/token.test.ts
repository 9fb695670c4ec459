/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { platformPermissions, rolePermissions } from '@parley/contracts';
import { claimsOf, eventually } from '@parley/testing';
import { login } from '../auth-under-test.js';
import { basic, OAuthUnderTest, refusal, type Account } from './fixture.js';

let oauth: OAuthUnderTest;
let account: Account;
beforeAll(async () => {
  oauth = await OAuthUnderTest.start();
  account = await oauth.newAccount('viewer', ['completions:create']);
}, 60_000);
afterAll(() => oauth.stop());

const client = () => ({ client_id: account.id, client_secret: account.client_secret });

describe('POST /v1/auth/token for client credentials', () => {
  it('200: a token of the service account that has all that the account has, and is kept by nobody', async () => {
    const { status, body, headers } = await oauth.credentials(account);

    const permissions = [...rolePermissions.viewer, 'completions:create'];
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 300,
      scope: permissions.join(' '),
    });
    expect(claimsOf(String(body.access_token))).toMatchObject({
      sub: account.id,
      sub_type: 'service_account',
      permissions,
      inherits: true,
    });
    expect(await oauth.me(String(body.access_token))).toMatchObject({ status: 200, body: { id: account.id } });
  });

  it('200: the client may be in the form, and the scope narrows for good', async () => {
    const { body } = await oauth.ask({ grant_type: 'client_credentials', scope: 'models:read', ...client() });

    expect(body.scope).toBe('models:read');
    expect(claimsOf(String(body.access_token))).toMatchObject({ permissions: ['models:read'] });
    expect(claimsOf(String(body.access_token))).not.toHaveProperty('inherits');
  });

  it('200: parameters that are not known, or have no value, are ignored', async () => {
    const form = 'grant_type=client_credentials&scope=&nonce=7&resource=';
    expect((await oauth.post('/v1/auth/token', form, basic(account))).status).toBe(200);
  });

  it('400 invalid_scope: nothing beyond what the account has', async () => {
    for (const scope of ['users:write', 'models:read users:write', 'nonsense', 'models:read:x'])
      expect(await oauth.credentials(account, scope)).toMatchObject(refusal(400, 'invalid_scope'));
  });

  it('400 invalid_request: a parameter that is there twice, a secret shown twice, no grant type', async () => {
    const twice = 'grant_type=client_credentials&grant_type=client_credentials';
    expect(await oauth.post('/v1/auth/token', twice, basic(account))).toMatchObject(refusal(400, 'invalid_request'));
    expect(await oauth.ask({ grant_type: 'client_credentials', ...client() }, account)).toMatchObject(
      refusal(400, 'invalid_request'),
    );
    expect(await oauth.ask({}, account)).toMatchObject(refusal(400, 'invalid_request'));
  });

  it('400 unsupported_grant_type: for any other', async () => {
    for (const grant_type of ['password', 'authorization_code', 'toString'])
      expect(await oauth.ask({ grant_type }, account)).toMatchObject(refusal(400, 'unsupported_grant_type'));
  });

  it('401 invalid_client: one answer for a wrong secret, a client that does not exist and one that cannot', async () => {
    const answers = [
      await oauth.credentials({ ...account, client_secret: `${account.client_secret}x` }),
      await oauth.credentials({ ...account, id: randomUUID() }),
      await oauth.credentials({ ...account, id: "x' or true --" }),
    ];

    for (const answer of answers) {
      expect(answer).toMatchObject(refusal(401, 'invalid_client'));
      expect(answer.body).toEqual(answers[0]?.body);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
    expect(await oauth.ask({ grant_type: 'client_credentials' })).toMatchObject(refusal(401, 'invalid_client'));
  });

  it('413 and 415: in the shape of OAuth, too', async () => {
    const json = { 'content-type': 'application/json' };
    expect(await oauth.post('/v1/auth/token', '{}', json)).toMatchObject(refusal(415, 'invalid_request'));
    const long = `grant_type=client_credentials&scope=${'x'.repeat(17_000)}`;
    expect(await oauth.post('/v1/auth/token', long)).toMatchObject(refusal(413, 'invalid_request'));
  });
});

describe('POST /v1/auth/token for a refresh token', () => {
  const refresh = (refresh_token: string, more: Readonly<Record<string, string>> = {}) =>
    oauth.ask({ grant_type: 'refresh_token', refresh_token, ...more });

  it('200: a new pair, like POST /v1/auth/refresh, with what it may do', async () => {
    const { refresh_token } = await login(oauth.auth, oauth.auth.owner);

    const { status, body } = await refresh(refresh_token);

    expect(status).toBe(200);
    expect(body).toMatchObject({
      token_type: 'Bearer',
      scope: [...rolePermissions.owner, ...platformPermissions].join(' '),
    });
    expect((await oauth.me(String(body.access_token))).status).toBe(200);
    expect((await refresh(String(body.refresh_token), { client_id: 'a public client' })).status).toBe(200);
  });

  it('400 invalid_grant: for one that is unknown, ended, or an access token', async () => {
    const { access_token, refresh_token } = await login(oauth.auth, oauth.auth.owner);
    await oauth.auth.call('POST', '/v1/auth/logout', { token: access_token });
    for (const token of ['plr_unknown', refresh_token, access_token])
      expect(await refresh(token)).toMatchObject(refusal(400, 'invalid_grant'));
  });

  it('400 invalid_scope, 401 invalid_client: and the refresh token is still good', async () => {
    const { refresh_token } = await login(oauth.auth, oauth.auth.owner);
    expect(await refresh(refresh_token, { scope: 'models:read' })).toMatchObject(refusal(400, 'invalid_scope'));
    const wrong = { client_id: account.id, client_secret: 'pls_wrong' };
    expect(await refresh(refresh_token, wrong)).toMatchObject(refusal(401, 'invalid_client'));
    expect((await refresh(refresh_token)).status).toBe(200);
  });
});

it('what a client may do is in its next token, and follows into those that are out', async () => {
  const changing = await oauth.newAccount('viewer');
  const token = String((await oauth.credentials(changing)).body.access_token);
  const path = `/v1/service-accounts/${changing.id}`;

  await oauth.auth.call('PATCH', path, { token: oauth.token, body: { role: 'operator' } });

  expect((await oauth.credentials(changing)).body.scope).toBe(rolePermissions.operator.join(' '));
  await eventually(async () =>
    expect((await oauth.me(token)).body).toMatchObject({ permissions: rolePermissions.operator }),
  );
});
