/** Real: the service over HTTP, PostgreSQL (which a test cuts off), Redis, RabbitMQ. Fake: nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mintApiKey } from '@parley/identity';
import { eventually, severable } from '@parley/testing';
import { problem, startAuth } from '../auth-under-test.js';
import { KeysUnderTest } from './fixture.js';

let keys: KeysUnderTest;
beforeAll(async () => {
  keys = await KeysUnderTest.start();
}, 60_000);
afterAll(() => keys.stop());

describe('POST /internal/auth/exchange, of a key with addresses', () => {
  it.each(['192.0.2.7', '198.51.100.200', '2001:db8::7', '::ffff:192.0.2.7'])('200: from %s', async (address) => {
    const allowed_addresses = ['192.0.2.7', '198.51.100.0/24', '2001:db8::/32'];
    const { key } = await keys.made({ allowed_addresses });

    expect((await keys.exchange(key, address)).status).toBe(200);
  });

  it.each(['192.0.2.8', '2001:db9::7', undefined])('403: from %s', async (address) => {
    const { key } = await keys.made({ allowed_addresses: ['192.0.2.7', '2001:db8::/32'] });

    expect(await keys.exchange(key, address)).toMatchObject(problem(403, 'credential.address_refused'));
  });

  it('400: from what is no address', async () => {
    expect(await keys.exchange(keys.auth.owner.apiKey, 'localhost')).toMatchObject(problem(400, 'request.invalid'));
  });
});

it('a wrong checksum is refused without a look-up: also while there is nothing to look it up in', async () => {
  const database = await severable(keys.auth.servers.database.appUrl);
  const auth = await startAuth({ ...keys.auth.servers.env, DATABASE_URL: database.url });
  const exchange = (api_key: string) => auth.call('POST', '/internal/auth/exchange', { body: { api_key } });
  try {
    await database.cut();
    const key = mintApiKey();
    const mistyped = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');

    expect(await exchange(mistyped)).toMatchObject(problem(401, 'credential.invalid'));
    expect(await exchange(key)).toMatchObject(problem(503, 'service.unavailable'));
  } finally {
    await auth.stop();
    await database.close();
  }
});

describe('last_used_at', () => {
  const used = (id: string) => keys.listed(id).then((key) => key?.last_used_at ?? null);
  const setUsed = (id: string, secondsAgo: number) =>
    keys.auth.servers.database.query(
      `update api_keys set last_used_at = now() - $2 * interval '1 second' where id = $1`,
      [id, secondsAgo],
    );

  it('is when the key was last exchanged', async () => {
    const key = await keys.made({});
    expect(key.last_used_at).toBeNull();
    const from = Date.now();

    await keys.exchange(key.key);

    const at = await eventually(async () => {
      const seen = await used(key.id);
      if (seen === null) throw new Error('not written yet');
      return Date.parse(seen);
    });
    expect(at).toBeGreaterThanOrEqual(from);
    expect(at).toBeLessThanOrEqual(Date.now());
  });

  it('is written anew after a minute, and not before', async () => {
    const [fresh, stale] = [await keys.made({}), await keys.made({})];
    await setUsed(fresh.id, 50);
    await setUsed(stale.id, 70);
    const before = await used(fresh.id);

    await keys.exchange(fresh.key);
    await keys.exchange(stale.key);

    await eventually(async () => expect(Date.parse(String(await used(stale.id)))).toBeGreaterThan(Date.now() - 60_000));
    expect(await used(fresh.id)).toBe(before);
  });

  it('is written once, at however many instances the key is used', async () => {
    const [one, other] = [await startAuth(keys.auth.servers.env), await startAuth(keys.auth.servers.env)];
    const { id, key: api_key } = await keys.made({});
    await Promise.all([one, other].map((auth) => auth.call('POST', '/internal/auth/exchange', { body: { api_key } })));

    await one.stop();
    const written = await used(id);
    await other.stop();

    expect(written).not.toBeNull();
    expect(await used(id)).toBe(written);
  });

  it('is not lost when the service stops', async () => {
    const other = await startAuth(keys.auth.servers.env);
    const { id, key } = await keys.made({});
    await other.call('POST', '/internal/auth/exchange', { body: { api_key: key } });
    await other.stop();

    expect(await used(id)).not.toBeNull();
  });
});
