/** Real: the service over HTTP, PostgreSQL with its three roles, Redis, RabbitMQ. Fake: nothing. */
import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiKeyPage, CreatedApiKey, CreatedInvitation, LoginPage } from '@parley/contracts';
import { migrate, revertMigrations, unprotectedTables } from '@parley/persistence';
import { expectReversible } from '@parley/testing';
import { Client } from 'pg';
import { migrations } from '../src/migrations/index.js';
import { login, newOwner, newServers, problem, startAuth, type RunningAuth, type Servers } from './auth-under-test.js';

const tables = [
  'tenants',
  'users',
  'memberships',
  'roles',
  'invitations',
  'password_resets',
  'service_accounts',
  'logins',
  'refresh_tokens',
  'api_keys',
  'signing_keys',
  'outbox',
];

let servers: Servers;
let auth: RunningAuth;
let sql: Client;
const [acme, globex] = [newOwner('acme'), newOwner('globex')];
const tokens = { acme: '', globex: '' };
let acmesKey: CreatedApiKey;
let globexId: string;
let acmesOwner: string;
let invitation: CreatedInvitation;

beforeAll(async () => {
  servers = await newServers();
  await (await startAuth({ ...servers.env, ...acme.env })).stop();
  auth = await startAuth({ ...servers.env, ...globex.env });
  tokens.acme = (await login(auth, acme)).access_token;
  tokens.globex = (await login(auth, globex)).access_token;
  const body = { name: 'acme’s' };
  acmesKey = (await auth.call<CreatedApiKey>('POST', '/v1/api-keys', { token: tokens.acme, body })).body;
  acmesOwner = String((await auth.call('GET', '/v1/auth/me', { token: tokens.acme })).body['id']);
  const invited = { token: tokens.acme, body: { email: 'guest@acme.example', role: 'viewer' } };
  invitation = (await auth.call<CreatedInvitation>('POST', '/v1/invitations', invited)).body;
  globexId = String((await auth.call('GET', '/v1/auth/me', { token: tokens.globex })).body['tenant_id']);
  for (const token of Object.values(tokens))
    await auth.call('POST', '/v1/roles', { token, body: { name: 'support', permissions: ['users:read'] } });
  await auth.call('POST', '/v1/invitations', {
    token: tokens.globex,
    body: { email: 'x@globex.example', role: 'viewer' },
  });
  // A service account of each tenant, by the tenant’s id.
  await servers.database.query(
    `insert into service_accounts (id, tenant_id, name, role, permissions, secret_hash, created_by, created_at)
     select id, id, 'robot', 'viewer', '{}', '', id, now() from tenants`,
  );
  sql = new Client({ connectionString: servers.database.appUrl });
  await sql.connect();
}, 60_000);

afterAll(async () => {
  await sql.end();
  await auth.stop();
  await servers.close();
});

/** Runs a statement as the app role does, but with nothing except row-level security to hold it back. */
async function inScope(settings: Record<string, string>, text: string): Promise<Record<string, unknown>[]> {
  await sql.query('begin');
  try {
    for (const [name, value] of Object.entries(settings))
      await sql.query('select set_config($1, $2, true)', [`parley.${name}`, value]);
    return (await sql.query<Record<string, unknown>>(text)).rows;
  } finally {
    await sql.query('rollback');
  }
}

describe('another tenant', () => {
  it('gets 404 for a key that is not theirs, and the key goes on working', async () => {
    const answer = await auth.call('DELETE', `/v1/api-keys/${acmesKey.id}`, { token: tokens.globex });

    expect(answer).toMatchObject(problem(404, 'api_key.not_found'));
    const exchanged = await auth.call('POST', '/internal/auth/exchange', { body: { api_key: acmesKey.key } });
    expect(exchanged.status).toBe(200);
  });

  it.each([
    ['GET', 'user.not_found', () => `/v1/users/${acmesOwner}`],
    ['PATCH', 'user.not_found', () => `/v1/users/${acmesOwner}`],
    ['DELETE', 'user.not_found', () => `/v1/users/${acmesOwner}`],
    ['POST', 'user.not_found', () => `/v1/users/${acmesOwner}/unlock`],
    ['DELETE', 'invitation.not_found', () => `/v1/invitations/${invitation.id}`],
  ])('gets 404 for %s of what is not theirs: %s', async (method, code, path) => {
    const body = method === 'PATCH' ? { role: 'viewer' } : undefined;
    const answer = await auth.call(method, path(), { token: tokens.globex, body });

    expect(answer).toMatchObject(problem(404, code));
  });

  it.each(['/v1/users', '/v1/invitations'])('finds nothing of it in %s', async (path) => {
    const lists = [];
    for (const token of [tokens.acme, tokens.globex])
      lists.push(JSON.stringify((await auth.call('GET', path, { token })).body));

    expect(lists[0]).toContain('@acme.example');
    expect(lists[1]).not.toContain('@acme.example');
  });

  it('sees no key that is not theirs in the list', async () => {
    const { body } = await auth.call<ApiKeyPage>('GET', '/v1/api-keys', { token: tokens.globex });

    expect(body.data.map(({ prefix }) => prefix)).toEqual([globex.apiKey.slice(0, 12)]);
  });
});

it('another tenant’s user gets 404 for a login that is not theirs, finds it in no list, and the login goes on', async () => {
  const { data } = (await auth.call<LoginPage>('GET', '/v1/auth/logins', { token: tokens.acme })).body;
  const id = String(data[0]?.id);

  expect(await auth.call('DELETE', `/v1/auth/logins/${id}`, { token: tokens.globex })).toMatchObject(
    problem(404, 'login.not_found'),
  );
  const theirs = (await auth.call<LoginPage>('GET', '/v1/auth/logins', { token: tokens.globex })).body;
  expect(theirs.data.map((login) => login.id)).not.toContain(id);
  expect((await auth.call('GET', '/v1/auth/me', { token: tokens.acme })).status).toBe(200);
});

describe('row-level security alone', () => {
  it('locks every table that has a tenant', async () => {
    expect(await unprotectedTables(servers.database)).toEqual([]);
  });

  it('is asked of every table there is', async () => {
    const all = `select tablename from pg_tables where schemaname = 'public' and tablename <> 'migrations' order by 1`;
    const rows = await servers.database.query<{ tablename: string }>(all);
    expect(rows.map(({ tablename }) => tablename)).toEqual([...tables].sort());
  });

  it.each(tables)('shows nothing of %s outside a scope', async (table) => {
    expect(await inScope({}, `select * from ${table}`)).toEqual([]);
  });

  it.each(['memberships', 'roles', 'invitations', 'service_accounts', 'logins', 'refresh_tokens', 'api_keys'])(
    'shows a tenant their own rows of %s when the predicate is left out',
    async (table) => {
      const rows = await inScope({ tenant_id: globexId }, `select tenant_id from ${table}`);

      expect(rows.length).toBeGreaterThan(0);
      expect(rows.every((row) => row['tenant_id'] === globexId)).toBe(true);
    },
  );

  it('shows a tenant neither other tenants, nor their users, nor signing keys', async () => {
    expect(await inScope({ tenant_id: globexId }, 'select id from tenants')).toEqual([{ id: globexId }]);
    expect(await inScope({ tenant_id: globexId }, 'select email from users')).toEqual([{ email: globex.email }]);
    expect(await inScope({ tenant_id: globexId }, 'select * from signing_keys')).toEqual([]);
  });

  it('opens the one key whose hash is known, for reading only', async () => {
    const credential_hash = createHash('sha256').update(acmesKey.key).digest('hex');

    expect(await inScope({ credential_hash }, 'select id from api_keys')).toEqual([{ id: acmesKey.id }]);
    expect(await inScope({ credential_hash }, 'select * from refresh_tokens')).toEqual([]);
    expect(await inScope({ credential_hash }, 'update api_keys set revoked_at = now() returning id')).toEqual([]);
    expect(await inScope({ credential_hash }, 'delete from api_keys returning id')).toEqual([]);
  });

  it('opens the one invitation whose token is known, for reading only', async () => {
    const credential_hash = createHash('sha256').update(invitation.token).digest('hex');

    expect(await inScope({ credential_hash }, 'select id from invitations')).toEqual([{ id: invitation.id }]);
    expect(await inScope({ credential_hash }, 'update invitations set role = email returning id')).toEqual([]);
  });

  it('opens to a user what is theirs, and no other user', async () => {
    const user_id = acmesOwner;

    expect(await inScope({ user_id }, 'select email from users')).toEqual([{ email: acme.email }]);
    expect(await inScope({ user_id }, 'update memberships set role = role returning user_id')).toEqual([]);
    expect(await inScope({ user_id, tenant_id: globexId }, 'select email from users order by email')).toEqual([
      { email: acme.email },
      { email: globex.email },
    ]);
    expect(
      await inScope({ user_id, tenant_id: globexId }, 'update memberships set role = role returning user_id'),
    ).not.toContainEqual({ user_id });
  });

  it('opens the one reset whose hash is known, for reading only, and a user’s own to them', async () => {
    await servers.database.query(
      `insert into password_resets (token_hash, user_id, created_at, expires_at) values ('acmes', $1, now(), now())`,
      [acmesOwner],
    );
    const read = 'select token_hash from password_resets';
    const use = 'update password_resets set used_at = now() returning token_hash';

    expect(await inScope({ credential_hash: 'acmes' }, read)).toEqual([{ token_hash: 'acmes' }]);
    expect(await inScope({ credential_hash: 'acmes' }, use)).toEqual([]);
    expect(await inScope({ tenant_id: globexId }, read)).toEqual([]);
    expect(await inScope({ user_id: randomUUID() }, read)).toEqual([]);
    expect(await inScope({ user_id: acmesOwner }, use)).toEqual([{ token_hash: 'acmes' }]);
  });

  it('opens the one user whose address is known, for reading only', async () => {
    const login_email = acme.email;

    expect(await inScope({ login_email }, 'select email from users')).toEqual([{ email: acme.email }]);
    expect(await inScope({ login_email }, 'update users set password_hash = email returning id')).toEqual([]);
  });

  it('opens the one service account whose id is known, for reading only', async () => {
    const client_id = globexId;

    expect(await inScope({ client_id }, 'select id from service_accounts')).toEqual([{ id: globexId }]);
    expect(await inScope({ client_id }, `update service_accounts set role = 'owner' returning id`)).toEqual([]);
    expect(await inScope({ client_id }, 'select * from api_keys')).toEqual([]);
  });

  it.each([
    ['tenants', `(id, name, created_at) values ($1, 'x', now())`],
    ['roles', `(tenant_id, name, permissions, created_at) values ($1, 'x', '{}', now())`],
    ['memberships', `(tenant_id, user_id, role, created_at) values ($1, $1, 'owner', now())`],
    [
      'invitations',
      `(id, tenant_id, email, role, token_hash, created_by, created_at, expires_at)
       values ($1, $1, 'x', 'owner', 'x', $1, now(), now())`,
    ],
    [
      'service_accounts',
      `(id, tenant_id, name, role, permissions, secret_hash, created_by, created_at)
       values ($1, $1, 'x', 'owner', '{}', 'x', $1, now())`,
    ],
    ['password_resets', `(token_hash, user_id, created_at, expires_at) values ('x', $1, now(), now())`],
  ])('lets nobody write into %s of another', async (table, values) => {
    const insert = `insert into ${table} ${values.replaceAll('$1', `'${acmesOwner}'`)}`;

    await expect(inScope({ tenant_id: globexId, user_id: globexId }, insert)).rejects.toMatchObject({ code: '42501' });
  });

  it('lets nobody move a role, an invitation or a service account to another tenant', async () => {
    for (const table of ['roles', 'invitations', 'service_accounts'])
      await expect(
        inScope({ tenant_id: globexId }, `update ${table} set tenant_id = '${acmesOwner}'`),
      ).rejects.toMatchObject({ code: '42501' });
  });
});

it('the migrations leave nothing behind when they are reverted, and make the same schema again', () =>
  expectReversible({
    migrate: (url) => migrate({ url, migrations }),
    revert: (url) => revertMigrations({ url, migrations }),
  }));
