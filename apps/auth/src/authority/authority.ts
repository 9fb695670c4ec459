import { AppError, coveringGrant, isBuiltInRole, rolePermissions, type SubjectType } from '@parley/contracts';

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
export const effective = ({ roleGrants, ownGrants }: Authority): ReadonlySet<string> =>
  new Set([...roleGrants, ...ownGrants]);

/** @throws AppError permission.not_grantable that names those which the giver lacks: nobody grants what they lack. */
export function demandGrantable(giver: ReadonlySet<string>, grants: Iterable<string>): void {
  const lacking = [...grants].filter((grant) => coveringGrant(giver, grant) === undefined);
  if (lacking.length > 0)
    throw new AppError('permission.not_grantable', { detail: `The caller lacks ${lacking.join(', ')}` });
}
