/** Real: PostgreSQL. Fake: the rows of a tenant, put straight into the database. */
import { hash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate, revertMigrations } from '@parley/persistence';
import { testDatabase, type TestDatabase } from '@parley/testing';
import { migrations } from '../src/migrations/index.js';

/** Those that came with roles, invitations and service accounts; the release before knows nothing of them. */
const added = migrations.filter((Migration) => String(new Migration().name).includes('1796'));

let database: TestDatabase;
const [tenant_id, owner, supporter, unproven, gone, robot] = ['1', '2', '3', '4', '5', '6'].map(
  (n) => `00000000-0000-4000-8000-00000000000${n}`,
);
const now = new Date();
const inDays = (days: number): Date => new Date(now.getTime() + days * 86_400_000);

const add = (table: string, row: Readonly<Record<string, unknown>>) =>
  database.query(
    `insert into ${table} (${Object.keys(row).join()}) values (${Object.keys(row)
      .map((_, at) => `$${String(at + 1)}`)
      .join()})`,
    Object.values(row),
  );
const addKey = (name: string, row: Readonly<Record<string, unknown>> = {}) =>
  add('api_keys', {
    id: crypto.randomUUID(),
    tenant_id,
    key_hash: hash('sha256', name),
    prefix: 'ply_',
    name,
    permissions: ['models:read'],
    requests_per_minute: 100,
    created_by: owner,
    created_at: now,
    ...row,
  });
const addLogin = (row: Readonly<Record<string, unknown>> = {}) =>
  add('logins', { id: crypto.randomUUID(), tenant_id, user_id: owner, created_at: now, ...row });
const column = async (name: string, table: string): Promise<unknown[]> =>
  (await database.query<{ value: unknown }>(`select ${name} as value from ${table} order by 1`)).map(
    ({ value }) => value,
  );

async function addWhatThisReleaseKnows(): Promise<void> {
  await add('tenants', { id: tenant_id, name: 'acme', created_at: now });
  await add('roles', { tenant_id, name: 'support', permissions: ['users:read'], created_at: now });
  for (const [user_id, role, needs_proof] of [
    [owner, 'owner', false],
    [supporter, 'support', false],
    [unproven, 'admin', true],
  ] as const) {
    await add('users', { id: user_id, email: `${String(user_id)}@acme.example`, password_hash: '', created_at: now });
    await add('memberships', { tenant_id, user_id, role, permissions: ['usage:read'], needs_proof, created_at: now });
  }
  const created = { created_by: owner, created_at: now };
  await add('service_accounts', {
    id: robot,
    tenant_id,
    name: 'x',
    role: 'support',
    permissions: [],
    secret_hash: '',
    ...created,
  });
  await add('invitations', {
    id: robot,
    tenant_id,
    email: 'x',
    role: 'support',
    token_hash: '',
    expires_at: now,
    ...created,
  });
  await add('password_resets', { token_hash: '', user_id: owner, created_at: now, expires_at: now });
  await addLogin();
  for (const end_reason of ['reuse', 'revoked', 'password']) await addLogin({ ended_at: now, end_reason });
  await addKey('plain');
  await addKey('renewed', { previous_key_hash: 'before', previous_key_expires_at: now });
  await addKey('by role', { role: 'support' });
  await addKey('a robot’s', { service_account_id: robot, created_by: robot });
  await addKey('for one model', { models: ['m'] });
  await addKey('from one address', { allowed_addresses: ['192.0.2.7/32'] });
  await addKey('for few tokens', { tokens_per_minute: 1 });
  await addKey('for few streams', { concurrent_streams: 1 });
  await addKey('of one who is gone', { created_by: gone, revoked_at: now });
  for (const [key_id, activates, retires] of [
    ['retired', -9, -1],
    ['retiring', -6, 1],
    ['current', -3, 4],
    ['next', 3, null],
  ] as const) {
    const times = {
      activates_at: inDays(activates),
      retires_at: retires && inDays(retires),
      created_at: inDays(activates),
    };
    await add('signing_keys', { key_id, public_jwk: '{}', sealed_private_jwk: '', ...times });
  }
}

beforeAll(async () => {
  database = await testDatabase();
  const url = database.ownerUrl;
  await migrate({ url, migrations });
  await addWhatThisReleaseKnows();
  await revertMigrations({ url, migrations }, added.length);
}, 60_000);

afterAll(() => database.drop());

describe('a rollback to the release before, with data that it cannot tell', () => {
  it('leaves members of a tenant’s own role as viewers, and lets nobody in who has not shown whose the address is', async () => {
    expect(await database.query('select user_id, role from memberships order by user_id')).toEqual([
      { user_id: owner, role: 'owner' },
      { user_id: supporter, role: 'viewer' },
    ]);
  });

  it('leaves no key whose owner or bounds it could not tell', async () => {
    expect(await column('name', 'api_keys')).toEqual(['plain', 'renewed']);
  });

  it('leaves every login that ended ended', async () => {
    expect(await column('end_reason', 'logins')).toEqual(['logout', 'logout', 'reuse', null]);
  });

  it('leaves no signing key that was done signing', async () => {
    expect(await column('key_id', 'signing_keys')).toEqual(['current', 'next']);
  });

  it('and then forward again, keeps what that release wrote, and knows how long its logins live', async () => {
    await addKey('of the release before');
    await addLogin({ id: robot });
    const token = { tenant_id, login_id: robot, created_at: inDays(-1), expires_at: inDays(29) };
    await add('refresh_tokens', { token_hash: 'first', ...token, replaced_at: now });
    await add('refresh_tokens', { token_hash: 'second', ...token, created_at: now, expires_at: inDays(30) });

    await migrate({ url: database.ownerUrl, migrations });

    expect(await column('name', 'api_keys')).toEqual(['of the release before', 'plain', 'renewed']);
    const [login] = await database.query(`select last_used_at, expires_at from logins where id = '${String(robot)}'`);
    expect(login).toEqual({ last_used_at: now, expires_at: inDays(30) });
    await add('memberships', { tenant_id, user_id: unproven, role: 'support', permissions: [], created_at: now });
    expect(await column('role', 'memberships')).toEqual(['owner', 'support', 'viewer']);
  });
});
