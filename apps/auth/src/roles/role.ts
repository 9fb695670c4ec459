import { builtInRoles, rolePermissions, type BuiltInRole, type Role, type UpdateRoleRequest } from '@parley/contracts';
import { grantsOf, type RoleGrants } from '../authority/authority.js';

/** A tenant's own role as stored. */
export interface StoredRole extends RoleGrants {
  readonly description: string | null;
  readonly inherits: BuiltInRole | null;
}

/** The role with what a request changes of it. */
export const changed = (role: StoredRole, { description, inherits, permissions }: UpdateRoleRequest): StoredRole => ({
  name: role.name,
  description: description === undefined ? role.description : description,
  inherits: inherits === undefined ? role.inherits : inherits,
  permissions: permissions === undefined ? role.permissions : [...new Set(permissions)],
});

export const toRole = ({ name, description, inherits, permissions }: StoredRole): Role => ({
  name,
  description,
  built_in: false,
  inherits,
  permissions: [...permissions],
  effective_permissions: [...grantsOf({ name, inherits, permissions })],
});

/** What each of the five has besides the one below it, by name, lowest first. */
const builtIns: ReadonlyMap<string, Role> = new Map(
  builtInRoles.map((name, rank) => {
    const below = builtInRoles[rank - 1];
    const inherited = new Set<string>(below === undefined ? [] : rolePermissions[below]);
    const effective = [...rolePermissions[name]];
    return [
      name,
      {
        name,
        description: null,
        built_in: true,
        inherits: below ?? null,
        permissions: effective.filter((permission) => !inherited.has(permission)),
        effective_permissions: effective,
      },
    ];
  }),
);

/** One of the five that every tenant has. */
export const builtInRole = (name: string): Role | undefined => builtIns.get(name);
export const allBuiltInRoles = (): Role[] => [...builtIns.values()];
