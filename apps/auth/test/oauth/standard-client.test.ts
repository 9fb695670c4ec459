/** Real: openid-client, unmodified; the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as client from 'openid-client';
import { claimsOf, eventually } from '@parley/testing';
import { login } from '../auth-under-test.js';
import { accessToken, exchangeGrant, OAuthUnderTest, type Account } from './fixture.js';

let oauth: OAuthUnderTest;
let account: Account;
beforeAll(async () => {
  oauth = await OAuthUnderTest.start();
  account = await oauth.newAccount('viewer', ['tokens:introspect']);
}, 60_000);
afterAll(() => oauth.stop());

/** There is nothing to discover yet: the client is told where the routes are. */
function configured(authentication: client.ClientAuth, id = account.id): client.Configuration {
  const url = oauth.auth.url.replace('http:', 'https:');
  const server = {
    issuer: url,
    token_endpoint: `${url}/v1/auth/token`,
    introspection_endpoint: `${url}/v1/auth/introspect`,
    revocation_endpoint: `${url}/v1/auth/revoke`,
  };
  const configuration = new client.Configuration(server, id, undefined, authentication);
  // It speaks to https alone, which is the edge's matter.
  configuration[client.customFetch] = (address, { signal = null, ...options }) =>
    fetch(address.replace('https:', 'http:'), { ...options, signal } as RequestInit);
  return configuration;
}
const bearer =
  (token: string): client.ClientAuth =>
  (_server, _client, _body, headers) =>
    headers.set('authorization', `Bearer ${token}`);

describe('a standard client', () => {
  it.each([
    ['the Authorization header', (secret: string) => client.ClientSecretBasic(secret)],
    ['the form', (secret: string) => client.ClientSecretPost(secret)],
  ])('gets a token by its credentials in %s', async (_, authentication) => {
    const configuration = configured(authentication(account.client_secret));
    const granted = await client.clientCredentialsGrant(configuration, { scope: 'models:read' });
    expect(granted).toMatchObject({ token_type: 'bearer', scope: 'models:read', expires_in: 300 });
    expect((await oauth.me(granted.access_token)).status).toBe(200);
  });

  it('is told what is wrong by the names of RFC 6749', async () => {
    const wrong = configured(client.ClientSecretBasic('pls_wrong'));
    await expect(client.clientCredentialsGrant(wrong)).rejects.toMatchObject({ status: 401 });
    const right = configured(client.ClientSecretBasic(account.client_secret));
    await expect(client.clientCredentialsGrant(right, { scope: 'users:write' })).rejects.toMatchObject({
      error: 'invalid_scope',
      status: 400,
    });
  });

  it('refreshes the login of a user, as a public client', async () => {
    const { refresh_token } = await login(oauth.auth, oauth.auth.owner);
    const granted = await client.refreshTokenGrant(configured(client.None(), 'an-application'), refresh_token);
    expect((await oauth.me(granted.access_token)).status).toBe(200);
    expect(granted.refresh_token).toMatch(/^plr_/);
  });

  it('exchanges a token, asks what it is worth, and revokes it', async () => {
    const configuration = configured(client.ClientSecretBasic(account.client_secret));
    const subject = { subject_token: oauth.token, subject_token_type: accessToken, scope: 'models:read' };
    const { access_token: token, ...said } = await client.genericGrantRequest(configuration, exchangeGrant, subject);
    expect(said).toMatchObject({ issued_token_type: accessToken, scope: 'models:read' });
    expect(claimsOf(token).act).toEqual({ sub: account.id });

    const { access_token: own } = await client.clientCredentialsGrant(configuration);
    const asking = configured(bearer(own));
    expect(await client.tokenIntrospection(asking, token)).toMatchObject({ active: true, client_id: account.id });

    await client.tokenRevocation(configuration, token, { token_type_hint: 'access_token' });

    await eventually(async () => expect(await client.tokenIntrospection(asking, token)).toEqual({ active: false }));
  });
});
