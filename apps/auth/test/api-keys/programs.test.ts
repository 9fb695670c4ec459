/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CreatedApiKey } from '@parley/contracts';
import { problem } from '../auth-under-test.js';
import { OAuthUnderTest } from '../oauth/fixture.js';

let oauth: OAuthUnderTest;
beforeAll(async () => {
  oauth = await OAuthUnderTest.start();
}, 60_000);
afterAll(() => oauth.stop());

const create = (token: string, body: object = {}) =>
  oauth.auth.call<CreatedApiKey>('POST', '/v1/api-keys', { token, body: { name: 'a key', ...body } });
const rotate = (token: string, id: string) =>
  oauth.auth.call<CreatedApiKey>('POST', `/v1/api-keys/${id}/rotate`, { token, body: {} });

describe('a service account', () => {
  it('makes and rotates keys of its own, which end with it', async () => {
    const account = await oauth.newAccount('viewer', ['api_keys:write']);
    const token = String((await oauth.credentials(account)).body.access_token);

    const { status, body } = await create(token);
    const rotated = await rotate(token, body.id);

    expect([status, body.owner]).toEqual([201, { type: 'service_account', id: account.id }]);
    expect(rotated.status).toBe(200);
    const exchange = () => oauth.auth.call('POST', '/internal/auth/exchange', { body: { api_key: rotated.body.key } });
    expect((await exchange()).status).toBe(200);
    await oauth.auth.call('DELETE', `/v1/service-accounts/${account.id}`, { token: oauth.token });
    expect((await exchange()).status).toBe(401);
  });

  it('403: makes none for another service account', async () => {
    const account = await oauth.newAccount('viewer', ['api_keys:write']);
    const other = await oauth.newAccount('viewer');
    const token = String((await oauth.credentials(account)).body.access_token);

    expect(await create(token, { service_account_id: other.id })).toMatchObject(problem(403, 'request.forbidden'));
  });
});

it('403: one who acts for a user gets no key, which would outlive the delegation', async () => {
  const agent = await oauth.newAccount('owner');
  const delegated = String((await oauth.exchange(agent, oauth.token)).body.access_token);
  const { id } = (await create(oauth.token)).body;

  expect(await create(delegated)).toMatchObject(problem(403, 'request.forbidden'));
  expect(await rotate(delegated, id)).toMatchObject(problem(403, 'request.forbidden'));
});
