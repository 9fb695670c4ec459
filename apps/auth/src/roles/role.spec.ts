import { describe, expect, it } from '@jest/globals';
import { builtInRoles, rolePermissions } from '@parley/contracts';
import { allBuiltInRoles, builtInRole, changed, toRole, type StoredRole } from './role.js';

const support: StoredRole = {
  name: 'support',
  description: 'Reads what customers ask',
  inherits: 'viewer',
  permissions: ['users:read'],
};

describe('a change of a role', () => {
  it('leaves what it does not name, and takes away what it sets to null', () => {
    expect(changed(support, { description: null })).toEqual({ ...support, description: null });
    expect(changed(support, { inherits: null })).toEqual({ ...support, inherits: null });
    expect(changed(support, {})).toEqual(support);
  });

  it('keeps each permission once', () => {
    expect(changed(support, { permissions: ['users:read', 'users:write', 'users:read'] }).permissions).toEqual([
      'users:read',
      'users:write',
    ]);
  });
});

it('a role is shown with its own permissions, and with all that it gives', () => {
  expect(toRole(support)).toMatchObject({
    permissions: ['users:read'],
    effective_permissions: [...rolePermissions.viewer, 'users:read'],
  });
});

it('each of the five is shown as what it adds to the one below it', () => {
  expect(allBuiltInRoles().map(({ name }) => name)).toEqual(builtInRoles);
  expect(builtInRole('viewer')).toMatchObject({ inherits: null, permissions: rolePermissions.viewer });
  expect(builtInRole('operator')).toMatchObject({
    built_in: true,
    inherits: 'developer',
    permissions: ['users:read', 'service_accounts:read', 'tokens:introspect'],
    effective_permissions: rolePermissions.operator,
  });
});
