/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: a member and a service account are rows. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CreatedApiKey } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { login, problem } from '../auth-under-test.js';
import { addMember, addServiceAccount } from '../people.js';
import { newSubscriber, type Subscriber } from '../subscriber.js';
import { KeysUnderTest } from './fixture.js';

let keys: KeysUnderTest;
let subscriber: Subscriber;
beforeAll(async () => {
  keys = await KeysUnderTest.start();
  subscriber = await newSubscriber(keys.auth.servers.amqp.url, 'auth.api_key.#');
}, 60_000);
afterAll(async () => {
  await subscriber.close();
  await keys.stop();
});

const permissions = ['api_keys:write'];
const madeWith = async (key: CreatedApiKey) => keys.made({}, await keys.tokenOf(key));
const statusOf = async (key: CreatedApiKey) => (await keys.exchange(key.key)).status;

/** A key, one that it made, and one that that one made. */
async function threeGenerations() {
  const first = await keys.made({ permissions });
  const second = await madeWith(first);
  return { first, second, third: await madeWith(second) };
}

describe('a key that is revoked takes along', () => {
  it('every key that was made with it, at any remove, with the tokens that are out', async () => {
    const { first, second, third } = await threeGenerations();
    const tokens = [await keys.tokenOf(second), await keys.tokenOf(third)];

    expect((await keys.revoke(first.id)).status).toBe(204);

    for (const { key } of [second, third])
      expect(await keys.exchange(key)).toMatchObject(problem(401, 'credential.revoked'));
    for (const token of tokens)
      expect(await keys.auth.call('GET', '/v1/auth/me', { token })).toMatchObject(problem(401, 'credential.revoked'));
    expect(await keys.listed(third.id)).toMatchObject({ revoked_at: expect.any(String) });
    for (const { id } of [first, second, third])
      await eventually(() => subscriber.find('auth.api_key.revoked.v1', { api_key_id: id }));
  });

  it('neither the key that it was made with, nor that one’s others', async () => {
    const { first, second } = await threeGenerations();
    const sibling = await madeWith(first);

    await keys.revoke(second.id);

    expect([await statusOf(first), await statusOf(sibling)]).toEqual([200, 200]);
  });

  it('those that are being made at that moment', async () => {
    const { first, second } = await threeGenerations();
    const token = await keys.tokenOf(second);

    const [, ...made] = await Promise.all([
      keys.revoke(first.id),
      ...Array.from({ length: 20 }, () => keys.create({}, token)),
    ]);

    for (const { status, body } of made) {
      expect([201, 401]).toContain(status);
      if (status === 201) expect(await statusOf(body)).toBe(401);
    }
  });
});

it('a member who is removed takes along what their keys made, for service accounts too, and not what they made by a login', async () => {
  const { owner, servers } = keys.auth;
  const { id, email } = await addMember(servers, { tenantId: keys.tenantId, role: 'owner' }, owner.email);
  const { access_token } = await login(keys.auth, { email, password: owner.password });
  const service_account_id = await addServiceAccount(servers, { tenantId: keys.tenantId, role: 'viewer' });
  const own = await keys.made({}, access_token);
  const byKey = await keys.made({ service_account_id }, await keys.tokenOf(own));
  const byLogin = await keys.made({ service_account_id }, access_token);

  expect((await keys.auth.call('DELETE', `/v1/users/${id}`, { token: keys.token })).status).toBe(204);

  expect([await statusOf(own), await statusOf(byKey), await statusOf(byLogin)]).toEqual([401, 401, 200]);
});
