/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { events, passwordResetRequested, type CreatedApiKey, type CreatedInvitation } from '@parley/contracts';
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
  const env = { ...servers.env, ...owner.env, DATABASE_URL: database.url, WRONG_PASSWORDS_OF_ADDRESS: '1000' };
  auth = await startAuth(
    { ...env, WRONG_PASSWORDS_OF_ACCOUNT: '1000', PARLEY_REGISTRATION: 'open', LOG_LEVEL: 'trace' },
    logLines,
  );
  subscriber = await newSubscriber(servers.amqp.url, '#');
  const { access_token: token, refresh_token } = await login(auth, owner);
  const made = (await auth.call<CreatedApiKey>('POST', '/v1/api-keys', { token, body: { name: 'made' } })).body;
  const guest = { email: 'guest@acme.example', role: 'viewer' };
  const invitation = (await auth.call<CreatedInvitation>('POST', '/v1/invitations', { token, body: guest })).body;
  secrets.push(token, refresh_token, made.key, await exchange(auth, made.key), invitation.token);
  await auth.call('POST', '/v1/auth/password-resets', { body: { email: owner.email } });
  const { data } = await eventually(() => subscriber.find(passwordResetRequested.type, { email: owner.email }));
  secrets.push(String(data['token']));

  const useAll = async (): Promise<void> => {
    for (const secret of secrets) {
      await auth.call('GET', '/v1/auth/me', { token: secret, headers: { 'x-api-key': secret, cookie: secret } });
      await auth.call('POST', '/v1/auth/login', { body: { email: owner.email, password: secret } });
      await auth.call('POST', '/v1/auth/login', { body: { email: secret, password: { not: secret } } });
      await auth.call('POST', '/v1/auth/refresh', { body: { refresh_token: secret.slice(0, 512) } });
      const change = { current_password: `x${secret.slice(0, 1_000)}`, new_password: secret.slice(0, 1_000) };
      await auth.call('POST', '/v1/auth/password', { token, body: change });
      await auth.call('POST', '/v1/auth/password-resets/confirm', {
        body: { token: secret.slice(0, 200), new_password: 'short' },
      });
      const password = secret.slice(0, 1_000);
      const named = { email: owner.email, password };
      await auth.call('POST', '/v1/auth/register', { body: { ...named, tenant_name: 'Own' } });
      await auth.call('POST', '/v1/auth/register', { body: { invitation_token: secret, password: 'short' } });
      await auth.call('POST', '/v1/users', { token, body: { ...named, role: 'viewer' } });
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
  const reset = { token: String(data['token']), new_password: 'a-password-that-is-new' };
  secrets.push(reset.new_password);
  expect((await auth.call('POST', '/v1/auth/password-resets/confirm', { body: reset })).status).toBe(204);
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

  it('stand in no event but the one that a reset is delivered by', () => {
    const told = events.filter(({ type }) => type !== passwordResetRequested.type);
    const received = told.flatMap(({ type }) => subscriber.all(type, {}));

    expect(received.length).toBeGreaterThan(1);
    expect(foundIn(JSON.stringify(received))).toEqual([]);
  });

  it('stand in no table, and neither does a private signing key', async () => {
    const tables = [
      'tenants',
      'users',
      'memberships',
      'invitations',
      'roles',
      'service_accounts',
      'logins',
      'refresh_tokens',
      'password_resets',
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
