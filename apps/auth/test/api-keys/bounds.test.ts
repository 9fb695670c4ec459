/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { claimsOf } from '@parley/testing';
import { problem } from '../auth-under-test.js';
import { KeysUnderTest } from './fixture.js';

let keys: KeysUnderTest;
beforeAll(async () => {
  keys = await KeysUnderTest.start();
}, 60_000);
afterAll(() => keys.stop());

const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();

const bounds = {
  requests_per_minute: 20,
  tokens_per_minute: 5_000,
  concurrent_streams: 2,
  models: ['offline-small', 'circle'],
  allowed_addresses: ['127.0.0.0/8', '2001:db8::/32'],
};

describe('POST /v1/api-keys, of a key with bounds', () => {
  it('201: answers and lists them all, and the key’s tokens say them', async () => {
    const expires_at = inHours(1);
    const key = await keys.made({ ...bounds, expires_at, permissions: ['models:read'] });

    expect(key).toMatchObject({ ...bounds, expires_at });
    expect(await keys.listed(key.id)).toMatchObject({ ...bounds, expires_at });
    expect(claimsOf(await keys.tokenOf(key, '127.0.0.1'))).toMatchObject({
      permissions: ['models:read'],
      models: bounds.models,
      limits: { requests_per_minute: 20, tokens_per_minute: 5_000, concurrent_streams: 2 },
    });
  });

  it('201: a token of a key without them says none but its requests', async () => {
    const claims = await keys.claimsOf(await keys.made({}));

    expect(claims.limits).toEqual({ requests_per_minute: 100 });
    expect(claims.models).toBeUndefined();
  });

  it('201: an address stands for its block', async () => {
    const { allowed_addresses } = await keys.made({ allowed_addresses: ['192.0.2.7/24', '192.0.2.7', '2001:db8::1'] });

    expect(allowed_addresses).toEqual(['192.0.2.0/24', '192.0.2.7/32', '2001:db8::1/128']);
  });

  it.each([
    ['a role beside permissions', { role: 'viewer', permissions: ['models:read'] }, 'role'],
    ['no model', { models: [] }, 'models'],
    ['a model that is no name', { models: ['two words'] }, 'models.0'],
    ['33 models', { models: Array.from({ length: 33 }, (_, n) => `m${n}`) }, 'models'],
    ['what is no address', { allowed_addresses: ['somewhere'] }, 'allowed_addresses.0'],
    ['a prefix that is too long', { allowed_addresses: ['192.0.2.0/33'] }, 'allowed_addresses.0'],
    ['no stream at all', { concurrent_streams: 0 }, 'concurrent_streams'],
    ['no token at all', { tokens_per_minute: 0 }, 'tokens_per_minute'],
  ])('400: refuses %s and names the field', async (_, body, path) => {
    const answer = await keys.create(body);

    expect(answer).toMatchObject(problem(400, 'request.invalid'));
    expect(answer.body).toMatchObject({ errors: [expect.objectContaining({ path })] });
  });

  it('400: refuses what would not fit into a token', async () => {
    const models = Array.from({ length: 32 }, (_, n) => `m${n}-${'x'.repeat(100)}`);

    expect(await keys.create({ models })).toMatchObject(problem(400, 'grants.too_many'));
  });
});

describe('POST /v1/api-keys, by a key', () => {
  let maker: string;
  const expires_at = inHours(1);
  beforeAll(async () => {
    const key = await keys.made({ ...bounds, expires_at, permissions: ['api_keys:write'] });
    maker = await keys.tokenOf(key, '127.0.0.1');
  });

  it('201: takes all bounds of its maker where it names none', async () => {
    expect(await keys.made({}, maker)).toMatchObject({ ...bounds, expires_at, permissions: ['api_keys:write'] });
  });

  it('201: may have less', async () => {
    const less = { tokens_per_minute: 1, models: ['circle'], allowed_addresses: ['127.0.0.1/32'] };

    expect(await keys.made(less, maker)).toMatchObject({ ...bounds, ...less });
  });

  it.each([
    ['requests_per_minute', 21],
    ['tokens_per_minute', 5_001],
    ['concurrent_streams', 3],
    ['models', ['offline-small', 'offline-large']],
    ['allowed_addresses', ['127.0.0.1', '192.0.2.7']],
    ['allowed_addresses', ['0.0.0.0/0']],
    ['expires_at', inHours(2)],
  ])('403: refuses more %s than its maker has', async (field, value) => {
    const answer = await keys.create({ [field]: value }, maker);

    expect(answer).toMatchObject(problem(403, 'api_key.not_grantable'));
    expect(answer.body).toMatchObject({ errors: [expect.objectContaining({ path: field })] });
  });
});
