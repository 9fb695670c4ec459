import { z } from 'zod';

/** Every permission, `resource:action`, with what it allows. Documents and role tables come from this list. */
export const permissions = {
  'models:read': 'List the models',
  'completions:create': 'Ask a model',
  'embeddings:create': 'Have a model make embeddings',
  'sessions:read': 'Read projects, sessions and their messages',
  'sessions:write': 'Create, continue, change and delete projects and sessions',
  'sessions:administer': 'Set how long the sessions of the tenant are kept',
  'experts:read': 'List the experts and read what they were asked',
  'experts:query': 'Ask the circle of experts',
  'tools:read': 'List MCP servers and their tools',
  'tools:invoke': 'Call any tool; `tools:invoke:<tool id>` allows one tool alone',
  'usage:read': 'Read the usage of the tenant',
  'model_routes:read': 'List the routes of models, and how their prompts were cached',
  'model_routes:write': 'Create, change and delete routes of models',
  'prices:read': 'Read the prices that calls of the tenant are reckoned by',
  'prices:write': 'Set the prices that calls of the tenant are reckoned by',
  'api_keys:read': 'List API keys',
  'api_keys:write': 'Create, rotate and revoke API keys',
  'tenants:read': 'Read the tenant',
  'tenants:write': 'Rename the tenant',
  'users:read': 'List users and invitations',
  'users:write': 'Invite, create, change, unlock and remove users',
  'roles:read': 'List roles and permissions',
  'roles:write': 'Create, change and delete roles',
  'service_accounts:read': 'List service accounts',
  'service_accounts:write': 'Create, change and delete service accounts, and renew their secrets',
  'tokens:introspect': 'Ask whether a token of the tenant is good, and what it says',
  'circuit_breakers:read': 'Read the circuit breakers of the platform',
  'circuit_breakers:reset': 'Reset circuit breakers of the platform',
} as const satisfies Record<string, string>;

export type Permission = keyof typeof permissions;
export const allPermissions = Object.keys(permissions) as [Permission, ...Permission[]];

const instanceOf = /^tools:invoke:[a-z0-9-]{1,32}\.[A-Za-z0-9_.\-/]{1,128}$/;

/** What can be granted: a permission, or one on a single instance, `resource:action:instance`. */
export const grant = z.enum(allPermissions).or(z.string().regex(instanceOf, 'is no permission'));
export type Grant = Permission | `${Permission}:${string}`;

/** Whether the grants allow an action, on everything or on this instance. */
export const covers = (granted: ReadonlySet<string>, permission: Permission, instance?: string): boolean =>
  granted.has(permission) || (instance !== undefined && granted.has(`${permission}:${instance}`));

/** The permission of a grant that may be on one instance alone. */
export const permissionOf = (grant: string): Permission => grant.split(':', 2).join(':') as Permission;

/** The grant that lets another one through: the permission it is of, or the very same. */
export const coveringGrant = (granted: ReadonlySet<string>, wanted: string): string | undefined =>
  [permissionOf(wanted), wanted].find((grant) => granted.has(grant));

/** Those of the grants that the others cover too. */
export const within = (grants: Iterable<string>, others: ReadonlySet<string>): string[] =>
  [...grants].filter((grant) => coveringGrant(others, grant) !== undefined);

const viewer = [
  'models:read',
  'model_routes:read',
  'sessions:read',
  'experts:read',
  'tools:read',
  'usage:read',
  'prices:read',
  'tenants:read',
  'roles:read',
] as const satisfies readonly Permission[];
const developer = [
  ...viewer,
  'completions:create',
  'embeddings:create',
  'sessions:write',
  'experts:query',
  'tools:invoke',
  'api_keys:read',
] as const satisfies readonly Permission[];
const operator = [
  ...developer,
  'users:read',
  'service_accounts:read',
  'tokens:introspect',
] as const satisfies readonly Permission[];
const admin = [
  ...operator,
  'api_keys:write',
  'users:write',
  'roles:write',
  'service_accounts:write',
  'prices:write',
  'model_routes:write',
  'sessions:administer',
] as const satisfies readonly Permission[];

/**
 * Over what all tenants share, so that no role gives them: the first owner has them besides the role, and may give them on
 * like any other.
 */
export const platformPermissions = [
  'circuit_breakers:read',
  'circuit_breakers:reset',
] as const satisfies readonly Permission[];

const owner = allPermissions.filter(
  (permission) => !(platformPermissions as readonly Permission[]).includes(permission),
);

/** Roles inherit upwards: viewer < developer < operator < admin < owner. */
export const rolePermissions = {
  viewer,
  developer,
  operator,
  admin,
  owner,
} as const satisfies Record<string, readonly Permission[]>;

/** A role that every tenant has. Tenants add their own, by name. */
export type BuiltInRole = keyof typeof rolePermissions;
export const builtInRoles = Object.keys(rolePermissions) as [BuiltInRole, ...BuiltInRole[]];
export const isBuiltInRole = (name: string): name is BuiltInRole => Object.hasOwn(rolePermissions, name);
