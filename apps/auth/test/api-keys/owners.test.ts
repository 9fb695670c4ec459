/** Real: the service over HTTP, PostgreSQL, Redis, RabbitMQ. Fake: the members, service accounts and roles are rows. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allPermissions, rolePermissions } from '@parley/contracts';
import { randomUUID } from 'node:crypto';
import { login, problem } from '../auth-under-test.js';
import { addMember, addServiceAccount } from '../people.js';
import { KeysUnderTest } from './fixture.js';

let keys: KeysUnderTest;
beforeAll(async () => {
  keys = await KeysUnderTest.start();
}, 60_000);
afterAll(() => keys.stop());

const sql = (text: string, params: readonly unknown[]) => keys.auth.servers.database.query(text, params);

/** A member with a token of their own. */
async function newMember(role: string, permissions: readonly string[] = []) {
  const { owner, servers } = keys.auth;
  const { id, email } = await addMember(servers, { tenantId: keys.tenantId, role, permissions }, owner.email);
  return { id, token: (await login(keys.auth, { email, password: owner.password })).access_token };
}

const newAccount = (role: string, permissions: readonly string[] = []) =>
  addServiceAccount(keys.auth.servers, { tenantId: keys.tenantId, role, permissions });

describe('a key of a service account', () => {
  it('201: acts as the account, with what it and the maker have', async () => {
    const account = await newAccount('viewer', ['completions:create']);
    const key = await keys.made({ service_account_id: account });

    expect(key.owner).toEqual({ type: 'service_account', id: account });
    expect(new Set(key.permissions)).toEqual(new Set([...rolePermissions.viewer, 'completions:create']));
    expect(await keys.claimsOf(key)).toMatchObject({ sub: account, sub_type: 'service_account', key_id: key.id });
  });

  it('403: is for those who may change service accounts', async () => {
    const account = await newAccount('viewer');
    const { token } = await newMember('viewer', ['api_keys:write']);

    const answer = await keys.create({ service_account_id: account, permissions: ['models:read'] }, token);

    expect(answer).toMatchObject(problem(403, 'request.forbidden'));
  });

  it('403: has nothing that the account lacks', async () => {
    const account = await newAccount('viewer');

    const answer = await keys.create({ service_account_id: account, permissions: ['usage:read', 'users:write'] });

    expect(answer).toMatchObject(problem(403, 'permission.not_grantable'));
    expect(answer.body).toMatchObject({ detail: 'The service account lacks users:write' });
  });

  it('404: of one that does not exist, or is another tenant’s', async () => {
    const tenant = randomUUID();
    await sql(`insert into tenants (id, name, created_at) values ($1, 'globex', now())`, [tenant]);
    const theirs = await addServiceAccount(keys.auth.servers, { tenantId: tenant, role: 'viewer' });

    for (const service_account_id of [randomUUID(), theirs])
      expect(await keys.create({ service_account_id })).toMatchObject(problem(404, 'service_account.not_found'));
  });
});

describe('a key by role', () => {
  it('201: has what the role gives, at each exchange anew', async () => {
    await sql(
      `insert into roles (tenant_id, name, inherits, permissions, created_at)
       values ($1, 'support', 'viewer', '{users:read}', now())`,
      [keys.tenantId],
    );
    const key = await keys.made({ role: 'support' });
    expect(key).toMatchObject({ role: 'support', permissions: [] });
    expect((await keys.claimsOf(key)).permissions).toEqual([...rolePermissions.viewer, 'users:read']);

    await sql(`update roles set inherits = null where tenant_id = $1 and name = 'support'`, [keys.tenantId]);

    expect((await keys.claimsOf(key)).permissions).toEqual(['users:read']);
  });

  it('201: may be one of the five', async () => {
    expect((await keys.claimsOf(await keys.made({ role: 'developer' }))).permissions).toEqual(
      rolePermissions.developer,
    );
  });

  it('403: is not one that gives more than the maker has', async () => {
    const { token } = await newMember('viewer', ['api_keys:write']);

    expect(await keys.create({ role: 'developer' }, token)).toMatchObject(problem(403, 'permission.not_grantable'));
    expect((await keys.create({ role: 'viewer' }, token)).status).toBe(201);
  });

  it('404: is not one that there is not', async () => {
    expect(await keys.create({ role: 'nobody' })).toMatchObject(problem(404, 'role.not_found'));
  });
});

describe('what a key may do', () => {
  it('is never more than its owner may', async () => {
    const { id, token } = await newMember('admin');
    const key = await keys.made({}, token);

    await sql(`update memberships set role = 'viewer' where user_id = $1`, [id]);
    expect((await keys.claimsOf(key)).permissions).toEqual(rolePermissions.viewer);

    await sql(`update memberships set role = 'owner' where user_id = $1`, [id]);
    expect(new Set((await keys.claimsOf(key)).permissions)).toEqual(new Set(rolePermissions.admin));
  });

  it('is nothing once its owner is gone: 401', async () => {
    const { id, token } = await newMember('admin');
    const { key } = await keys.made({}, token);

    await sql('delete from memberships where user_id = $1', [id]);

    expect(await keys.exchange(key)).toMatchObject(problem(401, 'credential.revoked'));
  });

  it('may be a tool alone, of all those that its maker may call', async () => {
    const one = 'tools:invoke:everything.echo';

    expect((await keys.claimsOf(await keys.made({ permissions: [one, one] }))).permissions).toEqual([one]);
  });
});

describe('DELETE /v1/api-keys/{id}', () => {
  it('403: by one who may do less than the key', async () => {
    const key = await keys.made({});
    const { token } = await newMember('developer', ['api_keys:write']);

    expect(await keys.revoke(key.id, token)).toMatchObject(problem(403, 'permission.not_grantable'));
    expect((await keys.claimsOf(key)).permissions).toEqual([...allPermissions]);
  });

  it('204: by one who may do as much, whoever made it', async () => {
    const { token } = await newMember('developer', ['api_keys:write']);
    const key = await keys.made({ permissions: ['completions:create'] });

    expect((await keys.revoke(key.id, token)).status).toBe(204);
  });
});
