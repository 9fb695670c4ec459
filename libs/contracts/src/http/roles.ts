import { z } from 'zod';
import { allPermissions, builtInRoles, grant } from '../permissions.js';
import { storedText } from '../storable.js';

/** A role by name: one of the five that every tenant has, or one of the tenant's own. */
export const roleName = z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/, 'must be a lower-case name of 1 to 32 characters');

export const grants = z.array(grant).max(64);

/** The role that a custom role has all permissions of, besides its own. */
const inherits = z.enum(builtInRoles).nullable();
const description = storedText(200).nullable();

export const createRoleRequest = z
  .strictObject({
    name: roleName,
    description: description.default(null),
    inherits: inherits.default(null),
    permissions: grants.default([]),
  })
  .meta({ id: 'CreateRoleRequest' });
export type CreateRoleRequest = z.infer<typeof createRoleRequest>;

export const updateRoleRequest = z
  .strictObject({ description, inherits, permissions: grants })
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'must change something')
  .meta({ id: 'UpdateRoleRequest' });
export type UpdateRoleRequest = z.infer<typeof updateRoleRequest>;

export const role = z
  .strictObject({
    name: z.string(),
    description: z.string().nullable(),
    built_in: z.boolean(),
    inherits: z.string().nullable(),
    permissions: z.array(z.string()).describe('Its own'),
    effective_permissions: z.array(z.string()).describe('With those that it inherits'),
  })
  .meta({ id: 'Role' });
export type Role = z.infer<typeof role>;

/** Whole: a tenant has at most `maxRoles` of its own. */
export const roleList = z.strictObject({ data: z.array(role) }).meta({ id: 'RoleList' });
export type RoleList = z.infer<typeof roleList>;
export const maxRoles = 100;

export const permissionList = z
  .strictObject({
    data: z.array(
      z.strictObject({
        permission: z.enum(allPermissions),
        description: z.string(),
        roles: z.array(z.string()).describe('The built-in roles that have it'),
      }),
    ),
  })
  .meta({ id: 'PermissionList' });
export type PermissionList = z.infer<typeof permissionList>;

/** `subject` is a user or service account of the tenant, the caller where it is left out; for others `users:read` is needed. */
export const decisionQuery = z.strictObject({ permission: grant, subject: z.uuid().optional() });
export type DecisionQuery = z.infer<typeof decisionQuery>;

/**
 * Where a permission comes from or where it ends. The role or the subject's own permissions have to grant it; then the API
 * key, if the call was made with one, and the token have to let it through.
 */
const decisionStep = z.strictObject({
  kind: z.enum(['role', 'own_permissions', 'api_key', 'token']),
  name: z.string().nullable().describe('Of the role or key'),
  role: z.string().optional().describe('Of a key that has one'),
  grant: z.string().nullable().describe('The grant that covers the permission; null where there is none'),
});
export type DecisionStep = z.infer<typeof decisionStep>;

export const decision = z
  .strictObject({
    allowed: z.boolean(),
    permission: z.string(),
    subject: z.uuid(),
    explanation: z.string(),
    steps: z.array(decisionStep),
  })
  .meta({ id: 'Decision' });
export type Decision = z.infer<typeof decision>;
