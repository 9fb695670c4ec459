/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CreatedApiKey, CreatedInvitation, ExchangeResponse, User } from '@parley/contracts';
import { exchange, problem } from './auth-under-test.js';
import { newMember, newPerson } from './members.js';
import { OAuthUnderTest, type Account } from './oauth/fixture.js';

let oauth: OAuthUnderTest;
let agent: Account;
let calls: readonly Call[];
beforeAll(async () => {
  oauth = await OAuthUnderTest.start();
  agent = await oauth.newAccount('viewer');
  calls = await everyGrant();
}, 60_000);
afterAll(() => oauth.stop());

type Call = readonly [method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: object];

/** Everything that gives, changes or takes away what somebody may do, but for API keys. */
async function everyGrant(): Promise<readonly Call[]> {
  const { auth, token } = oauth;
  const { id: account } = await oauth.newAccount('viewer');
  const { id: user } = await newMember(auth, token, 'viewer');
  const invitation = { email: newPerson().email, role: 'viewer' };
  const { id: invited } = (await auth.call<CreatedInvitation>('POST', '/v1/invitations', { token, body: invitation }))
    .body;
  await auth.call('POST', '/v1/roles', { token, body: { name: 'reader', permissions: ['models:read'] } });
  return [
    ['POST', '/v1/service-accounts', { name: 'mine', role: 'owner' }],
    ['PATCH', `/v1/service-accounts/${account}`, { role: 'owner' }],
    ['POST', `/v1/service-accounts/${account}/rotate-secret`, {}],
    ['POST', '/v1/users', { ...newPerson(), role: 'owner' }],
    ['PATCH', `/v1/users/${user}`, { role: 'owner' }],
    ['POST', '/v1/invitations', { email: newPerson().email, role: 'owner' }],
    ['POST', '/v1/roles', { name: 'writer', permissions: ['users:write'] }],
    ['PATCH', '/v1/roles/reader', { permissions: ['users:write'] }],
    ['DELETE', `/v1/invitations/${invited}`],
    ['DELETE', '/v1/roles/reader'],
    ['DELETE', `/v1/users/${user}`],
    ['DELETE', `/v1/service-accounts/${account}`],
  ];
}

/** What each call was answered. */
async function make(token: string) {
  const answers = [];
  for (const [method, path, body] of calls) {
    const answer = await oauth.auth.call(method, path, { token, ...(body && { body }) });
    answers.push([method, path, answer.status, answer.status < 400 ? undefined : answer.body['code']]);
  }
  return answers;
}
const all = (status: number, code: string) => calls.map(([method, path]) => [method, path, status, code]);

async function keyToken(bounds: object): Promise<string> {
  const body = { name: 'a key', ...bounds };
  const { auth, token } = oauth;
  const { key: api_key } = (await auth.call<CreatedApiKey>('POST', '/v1/api-keys', { token, body })).body;
  const presented = { body: { api_key, address: '127.0.0.1' } };
  return (await auth.call<ExchangeResponse>('POST', '/internal/auth/exchange', presented)).body.access_token;
}

describe('grants that would outlive the credential', () => {
  it('403: are not given, changed or taken away by one who acts for an owner', async () => {
    expect(await make(await oauth.delegated(agent, oauth.token))).toEqual(all(403, 'request.forbidden'));
  });

  it.each([
    ['an expiry', { expires_at: new Date(Date.now() + 86_400_000).toISOString() }],
    ['its addresses', { allowed_addresses: ['127.0.0.1'] }],
    ['its models', { models: ['claude-sonnet-4-5'] }],
    ['its tokens per minute', { tokens_per_minute: 1_000 }],
    ['its concurrent streams', { concurrent_streams: 1 }],
  ])('403: nor by a key with a bound on %s', async (_, bounds) => {
    expect(await make(await keyToken(bounds))).toEqual(all(403, 'api_key.not_grantable'));
  });

  it('are given by a key that only its requests are counted of, as long as it is not revoked', async () => {
    const { auth, token } = oauth;
    const { id, key } = (
      await auth.call<CreatedApiKey>('POST', '/v1/api-keys', { token, body: { name: 'ours', requests_per_minute: 9 } })
    ).body;
    const ours = await exchange(auth, key);
    const create = () => auth.call<User>('POST', '/v1/users', { token: ours, body: { ...newPerson(), role: 'owner' } });

    expect((await create()).status).toBe(201);
    await oauth.auth.servers.database.query('update api_keys set revoked_at = now() where id = $1', [id]);
    expect(await create()).toMatchObject(problem(401, 'credential.revoked'));
  });
});
