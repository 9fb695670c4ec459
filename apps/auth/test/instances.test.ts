/** Real: two instances of the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: outages, by a proxy that can be cut. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allPermissions, platformPermissions, type CreatedApiKey, type Jwks } from '@parley/contracts';
import { mintApiKey } from '@parley/identity';
import { eventually, severable } from '@parley/testing';
import { prefixOf } from '../src/api-keys/api-key.js';
import {
  exchange,
  login,
  newOwner,
  newServers,
  problem,
  startAuth,
  type RunningAuth,
  type Servers,
} from './auth-under-test.js';

let servers: Servers;
let one: RunningAuth;
let two: RunningAuth;
const owner = newOwner();

beforeAll(async () => {
  servers = await newServers();
  const env = { ...servers.env, ...owner.env };
  [one, two] = await Promise.all([startAuth(env), startAuth(env)]);
}, 60_000);

afterAll(async () => {
  await Promise.all([one.stop(), two.stop()]);
  await servers.close();
});

const keySet = async (auth: RunningAuth) => (await auth.call<Jwks>('GET', '/.well-known/jwks.json')).body;

describe('two instances that meet an empty database at the same time', () => {
  it('share one signing key, and publish nothing but its public half', async () => {
    const published = await keySet(one);

    expect(await keySet(two)).toEqual(published);
    expect(published).toEqual({
      keys: [
        {
          kty: 'EC',
          crv: 'P-256',
          alg: 'ES256',
          use: 'sig',
          kid: expect.any(String),
          x: expect.any(String),
          y: expect.any(String),
        },
      ],
    });
  });

  it('make one tenant, one owner and one key', async () => {
    const rows = await servers.database.query(
      `select (select count(*)::int from tenants) as tenants, (select count(*)::int from memberships) as members,
              (select count(*)::int from api_keys) as keys`,
    );

    expect(rows).toEqual([{ tenants: 1, members: 1, keys: 1 }]);
  });

  it('accept each other’s tokens', async () => {
    const { access_token: token, refresh_token } = await login(one, owner);

    expect((await two.call('GET', '/v1/auth/me', { token })).status).toBe(200);
    expect((await two.call('POST', '/v1/auth/refresh', { body: { refresh_token } })).status).toBe(200);
  });

  it('both refuse a key’s tokens soon after one of them revoked it', async () => {
    const { access_token: token } = await login(one, owner);
    const { body } = await one.call<CreatedApiKey>('POST', '/v1/api-keys', { token, body: { name: 'leaked' } });
    const leaked = await exchange(two, body.key);
    expect((await two.call('GET', '/v1/auth/me', { token: leaked })).status).toBe(200);

    await one.call('DELETE', `/v1/api-keys/${body.id}`, { token });

    await eventually(async () =>
      expect(await two.call('GET', '/v1/auth/me', { token: leaked })).toMatchObject(problem(401, 'credential.revoked')),
    );
  });
});

describe('a later start', () => {
  it('makes no key for a token of a key that was revoked before it', async () => {
    const { access_token: token } = await login(one, owner);
    const { body } = await one.call<CreatedApiKey>('POST', '/v1/api-keys', { token, body: { name: 'leaked' } });
    const leaked = await exchange(one, body.key);
    await one.call('DELETE', `/v1/api-keys/${body.id}`, { token });

    const later = await startAuth({ ...servers.env, ...owner.env });
    try {
      const refused = await later.call('POST', '/v1/api-keys', { token: leaked, body: { name: 'successor' } });
      expect(refused).toMatchObject(problem(401, 'credential.revoked'));
    } finally {
      await later.stop();
    }
    expect(await servers.database.query(`select id from api_keys where name = 'successor'`)).toEqual([]);
  });

  it('keeps the signing key and the owner’s password, and adds a key that is new', async () => {
    const [password, apiKey] = ['another-password', mintApiKey()];
    const env = { ...owner.env, PARLEY_BOOTSTRAP_PASSWORD: password, PARLEY_BOOTSTRAP_API_KEY: apiKey };
    const later = await startAuth({ ...servers.env, ...env });
    try {
      expect(await keySet(later)).toEqual(await keySet(one));
      expect((await login(later, owner)).access_token).toEqual(expect.any(String));
      const refused = await later.call('POST', '/v1/auth/login', { body: { email: owner.email, password } });
      expect(refused).toMatchObject(problem(401, 'login.failed'));
      expect(await exchange(later, owner.apiKey)).toEqual(expect.any(String));
      expect(await exchange(later, apiKey)).toEqual(expect.any(String));
    } finally {
      await later.stop();
    }
  });
});

it('a later start gives the first key the permissions that came with a new release', async () => {
  const { database, env } = servers;
  await database.query(`update api_keys set permissions = '{models:read}' where name = 'First key'`);
  await (await startAuth({ ...env, ...owner.env })).stop();
  const rows = await database.query('select permissions from api_keys where prefix = $1', [prefixOf(owner.apiKey)]);
  expect(rows).toEqual([{ permissions: allPermissions }]);
});

describe('the permissions over the platform', () => {
  const ofMember = async () => (await servers.database.query('select permissions from memberships'))[0];
  const restart = async () => (await startAuth({ ...servers.env, ...owner.env })).stop();

  it('come to the first owner at a later start, beside those that they were given', async () => {
    await servers.database.query(`update memberships set permissions = '{tools:invoke:a.b}'`);
    await restart();
    expect(await ofMember()).toEqual({ permissions: [...platformPermissions, 'tools:invoke:a.b'] });
  });

  it('do not come back to one who is an owner no more', async () => {
    await servers.database.query(`update memberships set permissions = '{}', role = 'viewer'`);
    await restart();
    expect(await ofMember()).toEqual({ permissions: [] });
    await servers.database.query(`update memberships set role = 'owner'`);
  });
});

describe('while PostgreSQL is away', () => {
  it('answers 503 with Retry-After, still publishes its keys, and works again soon after the return', async () => {
    const database = await severable(servers.database.appUrl);
    const auth = await startAuth({ ...servers.env, DATABASE_URL: database.url });
    try {
      const published = await keySet(auth);
      await database.cut();

      const refused = await auth.call('POST', '/v1/auth/login', {
        body: { email: owner.email, password: owner.password },
      });
      const exchanged = await auth.call('POST', '/internal/auth/exchange', { body: { api_key: owner.apiKey } });

      for (const answer of [refused, exchanged]) {
        expect(answer).toMatchObject(problem(503, 'service.unavailable'));
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      }
      expect(await keySet(auth)).toEqual(published);
      await database.restore();
      await eventually(async () => expect(await exchange(auth, owner.apiKey)).toEqual(expect.any(String)));
    } finally {
      await auth.stop();
      await database.close();
    }
  });
});
