/** Every permission, `resource:action`, with what it allows. Documents and role tables come from this list. */
export const permissions = {
  'models:read': 'List the models',
  'completions:create': 'Ask a model',
  'usage:read': 'Read the usage of the tenant',
  'api_keys:read': 'List API keys',
  'api_keys:write': 'Create and revoke API keys',
} as const satisfies Record<string, string>;

export type Permission = keyof typeof permissions;
export const allPermissions = Object.keys(permissions) as [Permission, ...Permission[]];

const viewer = ['models:read', 'usage:read'] as const satisfies readonly Permission[];
const developer = [...viewer, 'completions:create', 'api_keys:read'] as const satisfies readonly Permission[];
const operator = [...developer] as const satisfies readonly Permission[];
const admin = [...operator, 'api_keys:write'] as const satisfies readonly Permission[];

/** Roles inherit upwards: viewer < developer < operator < admin < owner. */
export const rolePermissions = {
  viewer,
  developer,
  operator,
  admin,
  owner: allPermissions,
} as const satisfies Record<string, readonly Permission[]>;

export type Role = keyof typeof rolePermissions;
export const allRoles = Object.keys(rolePermissions) as [Role, ...Role[]];
