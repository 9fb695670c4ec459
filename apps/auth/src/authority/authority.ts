import { AppError, covers, isBuiltInRole, rolePermissions, type Permission, type SubjectType } from '@parley/contracts';

/** A user or service account in one tenant. */
export interface Subject {
  readonly tenantId: string;
  readonly type: SubjectType;
  readonly id: string;
}

/** A role as stored: one of the five has no row. */
export interface RoleGrants {
  readonly name: string;
  readonly inherits: string | null;
  readonly permissions: readonly string[];
}

/** What a subject may do, and where it has that from. */
export interface Authority {
  readonly role: string;
  readonly roleGrants: readonly string[];
  readonly ownGrants: readonly string[];
}

/** All that a role gives; one that is gone gives nothing. */
export function grantsOf({ name, inherits, permissions }: RoleGrants): readonly string[] {
  if (isBuiltInRole(name)) return rolePermissions[name];
  const inherited = inherits !== null && isBuiltInRole(inherits) ? rolePermissions[inherits] : [];
  return [...new Set([...inherited, ...permissions])];
}

/** Role and own grants together, each once. */
export const effective = ({ roleGrants, ownGrants }: Authority): readonly string[] => [
  ...new Set([...roleGrants, ...ownGrants]),
];

/** The permission of a grant that may be on one instance alone. */
export const permissionOf = (grant: string): Permission => grant.split(':', 2).join(':') as Permission;

/** The grant that lets a permission, or one on an instance, through. */
export function coveringGrant(grants: Iterable<string>, wanted: string): string | undefined {
  const held = new Set(grants);
  const permission = permissionOf(wanted);
  const instance = wanted === permission ? undefined : wanted.slice(permission.length + 1);
  if (!covers(held, permission, instance)) return undefined;
  return held.has(permission) ? permission : wanted;
}

/** Those of the grants that the others cover too. */
export const within = (grants: readonly string[], others: Iterable<string>): readonly string[] => {
  const held = new Set(others);
  return grants.filter((grant) => coveringGrant(held, grant) !== undefined);
};

/** @throws AppError permission.not_grantable that names those which the giver lacks: nobody grants what they lack. */
export function demandGrantable(giver: Iterable<string>, grants: readonly string[]): void {
  const held = new Set(giver);
  const lacking = grants.filter((grant) => coveringGrant(held, grant) === undefined);
  if (lacking.length > 0)
    throw new AppError('permission.not_grantable', { detail: `The caller lacks ${lacking.join(', ')}` });
}
