/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CreatedApiKey } from '@parley/contracts';
import { eventually, severable, type Severable } from '@parley/testing';
import { exchange, login, newOwner, newServers, startAuth, type RunningAuth, type Servers } from './auth-under-test.js';
import { newSubscriber, type Subscriber } from './subscriber.js';

const owner = newOwner();
const wrongPassword = 'a-password-that-is-wrong';
const logLines: string[] = [];
const secrets: string[] = [owner.password, owner.apiKey, wrongPassword];
let servers: Servers;
let database: Severable;
let auth: RunningAuth;
let subscriber: Subscriber;

/** Every credential passes through every route that takes it: used, refused, malformed, and while the database is away. */
beforeAll(async () => {
  servers = await newServers();
  database = await severable(servers.env['DATABASE_URL'] ?? '');
  auth = await startAuth({ ...servers.env, ...owner.env, DATABASE_URL: database.url, LOG_LEVEL: 'trace' }, logLines);
  subscriber = await newSubscriber(servers.amqp.url, '#');
  const { access_token: token, refresh_token } = await login(auth, owner);
  const made = (await auth.call<CreatedApiKey>('POST', '/v1/api-keys', { token, body: { name: 'made' } })).body;
  secrets.push(token, refresh_token, made.key, await exchange(auth, made.key));

  const useAll = async (): Promise<void> => {
    for (const secret of secrets) {
      await auth.call('GET', '/v1/auth/me', { token: secret, headers: { 'x-api-key': secret, cookie: secret } });
      await auth.call('POST', '/v1/auth/login', { body: { email: owner.email, password: secret } });
      await auth.call('POST', '/v1/auth/login', { body: { email: secret, password: { not: secret } } });
      await auth.call('POST', '/v1/auth/refresh', { body: { refresh_token: secret.slice(0, 512) } });
      await auth.call('POST', '/internal/auth/exchange', { body: { api_key: secret.slice(0, 200) } });
    }
  };
  await useAll();
  await database.cut();
  await useAll();
  await database.restore();
  await eventually(async () => expect((await auth.call('GET', '/v1/auth/me', { token })).status).toBe(200));
  await auth.call('DELETE', `/v1/api-keys/${made.id}`, { token });
  await eventually(() => subscriber.find('auth.api_key.revoked.v1', { api_key_id: made.id }));
}, 60_000);

afterAll(async () => {
  await subscriber.close();
  await auth.stop();
  await database.close();
  await servers.close();
});

/** Secrets that stand in the text, whole or, where they are long, with their last 20 characters. */
const foundIn = (text: string): string[] =>
  secrets.filter((secret) => text.includes(secret.length > 40 ? secret.slice(-20) : secret));

describe('passwords, keys and tokens', () => {
  it('stand in no line of the log, at any level', () => {
    expect(logLines.length).toBeGreaterThan(secrets.length * 10);
    expect(foundIn(logLines.join('\n'))).toEqual([]);
  });

  it('stand in no event', () => {
    const events = subscriber.all('auth.api_key.created.v1', {});

    expect(events.length).toBeGreaterThan(0);
    expect(foundIn(JSON.stringify([...events, ...subscriber.all('auth.api_key.revoked.v1', {})]))).toEqual([]);
  });

  it('stand in no table, and neither does a private signing key', async () => {
    const tables = [
      'tenants',
      'users',
      'memberships',
      'logins',
      'refresh_tokens',
      'api_keys',
      'signing_keys',
      'outbox',
    ];
    const rows: unknown[] = [];
    for (const table of tables)
      rows.push(...(await servers.database.query(`select row_to_json(t) as row from ${table} t`)));

    expect(rows.length).toBeGreaterThan(5);
    expect(foundIn(JSON.stringify(rows))).toEqual([]);
    expect(JSON.stringify(rows)).not.toMatch(/"d"\s*:/);
  });
});
