/** Real: two instances of the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: outages, by ways that can be cut. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CreatedApiKey } from '@parley/contracts';
import { eventually } from '@parley/testing';
import { exchange } from '../auth-under-test.js';
import { newMember } from '../members.js';
import { twoInstances, type TwoInstances } from './fixture.js';

let sut: TwoInstances;
let member: { readonly token: string; readonly key: CreatedApiKey; readonly keyToken: string };

beforeAll(async () => {
  sut = await twoInstances();
  await sut.one.call('POST', '/v1/roles', {
    token: sut.token,
    body: { name: 'changing', permissions: ['models:read', 'usage:read', 'api_keys:write'] },
  });
  const { token } = await newMember(sut.one, sut.token, 'changing');
  const body = { name: 'theirs', permissions: ['models:read', 'usage:read'] };
  const key = (await sut.one.call<CreatedApiKey>('POST', '/v1/api-keys', { token, body })).body;
  member = { token, key, keyToken: await exchange(sut.two, key.key) };
}, 60_000);
afterAll(() => sut.stop());

const changeRole = async (...permissions: string[]) => {
  const path = '/v1/roles/changing';
  expect((await sut.one.call('PATCH', path, { token: sut.token, body: { permissions } })).status).toBe(200);
};
const may = (token: string, ...permissions: string[]) =>
  eventually(
    async () => {
      const { body } = await sut.me(sut.two, token);
      expect([...(body['permissions'] as string[])].sort()).toEqual(permissions.sort());
    },
    { timeoutMs: 2_000 },
  );

describe.each([
  ['RabbitMQ', () => sut.amqp],
  ['Redis', () => sut.redis],
] as const)('while %s is down, and a role changes at one instance', (_, way) => {
  beforeAll(() => way().cut());
  afterAll(async () => {
    await way().restore();
    for (const auth of [sut.one, sut.two])
      await eventually(async () => expect((await auth.call('GET', '/health')).body).toMatchObject({ status: 'ok' }));
  });

  it('tokens that are out may do less at the other within 2 s: those of who has it, and of their keys', async () => {
    await changeRole('models:read');

    await may(member.token, 'models:read');
    await may(member.keyToken, 'models:read');
  });

  it('tokens that are out may do more at the other within 2 s, those of keys no more than they were made for', async () => {
    await changeRole('models:read', 'usage:read', 'users:read');

    await may(member.token, 'models:read', 'usage:read', 'users:read');
    await may(member.keyToken, 'models:read', 'usage:read');
  });
});
