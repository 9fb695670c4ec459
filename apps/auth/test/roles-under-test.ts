import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { CreatedApiKey, Permission, Role, RoleList } from '@parley/contracts';
import { exchange, login, newOwner, newServers, startAuth } from './auth-under-test.js';
import { addMember, addServiceAccount } from './people.js';

/** The service with one tenant, its owner's calls on roles, and people who have them. */
export async function rolesUnderTest() {
  const owner = newOwner();
  const servers = await newServers();
  const auth = await startAuth({ ...servers.env, ...owner.env });
  const { access_token: token } = await login(auth, owner);
  const me = async (as: string) => (await auth.call('GET', '/v1/auth/me', { token: as })).body;
  const tenantId = String((await me(token))['tenant_id']);
  let made = 0;
  const freshName = (): string => `role-${String((made += 1))}`;

  const create = (body: object, as = token) => auth.call<Role>('POST', '/v1/roles', { token: as, body });
  const newKey = async (permissions: readonly Permission[]) =>
    (await auth.call<CreatedApiKey>('POST', '/v1/api-keys', { token, body: { name: 'a key', permissions } })).body;

  return {
    servers,
    auth,
    owner,
    token,
    tenantId,
    freshName,
    create,
    get: (name: string, as = token) => auth.call<Role>('GET', `/v1/roles/${name}`, { token: as }),
    list: (as = token) => auth.call<RoleList>('GET', '/v1/roles', { token: as }),
    update: (name: string, body: object, as = token) =>
      auth.call<Role>('PATCH', `/v1/roles/${name}`, { token: as, body }),
    remove: (name: string, as = token) => auth.call('DELETE', `/v1/roles/${name}`, { token: as }),
    permissionsOf: async (as: string) => (await me(as))['permissions'],

    async newRole(body: object = {}): Promise<string> {
      const name = freshName();
      expect(await create({ name, ...body })).toMatchObject({ status: 201 });
      return name;
    },
    newMember: (role: string, permissions: readonly Permission[] = []) =>
      addMember(servers, { tenantId, role, permissions }, owner.email),
    newServiceAccount: (role: string, permissions: readonly Permission[] = []) =>
      addServiceAccount(servers, { tenantId, role, permissions }),
    tokenOf: async ({ email }: { email: string }): Promise<string> =>
      (await login(auth, { email, password: owner.password })).access_token,
    /** The token of a key that may do this and no more. */
    limitedTo: async (...permissions: Permission[]) => exchange(auth, (await newKey(permissions)).key),
    async newKeyOfRole(role: string): Promise<string> {
      const { id } = await newKey(['models:read']);
      await servers.database.query(`update api_keys set role = $2, permissions = '{}' where id = $1`, [id, role]);
      return id;
    },
    newInvitation: (role: string, validFor: string) =>
      servers.database.query(
        `insert into invitations (id, tenant_id, email, role, token_hash, created_by, created_at, expires_at)
         values ($1, $2, 'guest@acme.example', $3, $4, $1, now(), now() + $5::interval)`,
        [randomUUID(), tenantId, role, randomUUID(), validFor],
      ),
    /** A tenant of its own, and the token of its owner. */
    async anotherTenant(name: string): Promise<{ tenantId: string; token: string }> {
      const other = newOwner(name);
      const instance = await startAuth({ ...servers.env, ...other.env });
      const { access_token } = await login(instance, other);
      await instance.stop();
      return { tenantId: String((await me(access_token))['tenant_id']), token: access_token };
    },
    async stop(): Promise<void> {
      await auth.stop();
      await servers.close();
    },
  };
}
export type RolesUnderTest = Awaited<ReturnType<typeof rolesUnderTest>>;
