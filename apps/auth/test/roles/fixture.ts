import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { CreatedApiKey, Invitation, Permission, Role, RoleList, ServiceAccount } from '@parley/contracts';
import { exchange, startWithOwner } from '../auth-under-test.js';
import { newMember, newTenant } from '../members.js';

/** The service with one tenant, its owner's calls on roles, and others who have them. */
export async function rolesUnderTest() {
  const auth = await startWithOwner({ PARLEY_REGISTRATION: 'open' });
  const { token } = auth;
  const me = async (as: string) => (await auth.call('GET', '/v1/auth/me', { token: as })).body;
  let made = 0;
  const freshName = (): string => `role-${String((made += 1))}`;

  const create = (body: object, as = token) => auth.call<Role>('POST', '/v1/roles', { token: as, body });
  /** Whatever has a role, or is to get it. */
  const holder = async <T extends { readonly id: string }>(path: string, body: object): Promise<T> => {
    const answer = await auth.call<T>('POST', path, { token, body });
    expect(answer).toMatchObject({ status: 201 });
    return answer.body;
  };
  const newKey = (body: object) => holder<CreatedApiKey>('/v1/api-keys', { name: 'a key', ...body });

  return {
    auth,
    token,
    tenantId: String((await me(token))['tenant_id']),
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
    newMember: (role: string, permissions: readonly Permission[] = []) => newMember(auth, token, role, permissions),
    newServiceAccount: (role: string, permissions: readonly Permission[] = []) =>
      holder<ServiceAccount>('/v1/service-accounts', { name: 'robot', role, permissions }),
    newKeyOfRole: (role: string) => newKey({ role }),
    newInvitation: (role: string) =>
      holder<Invitation>('/v1/invitations', { email: `${randomUUID()}@acme.example`, role }),
    /** The token of a key that may do this and no more. */
    limitedTo: async (...permissions: Permission[]) => exchange(auth, (await newKey({ permissions })).key),
    /** A tenant of its own, and the token of its owner. */
    async anotherTenant(): Promise<{ tenantId: string; token: string }> {
      const other = await newTenant(auth);
      return { tenantId: String((await me(other.token))['tenant_id']), token: other.token };
    },
    stop: () => auth.stop(),
  };
}
export type RolesUnderTest = Awaited<ReturnType<typeof rolesUnderTest>>;
