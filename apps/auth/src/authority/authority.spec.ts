import { describe, expect, it } from '@jest/globals';
import { rolePermissions } from '@parley/contracts';
import { demandGrantable, effective, grantsOf } from './authority.js';

describe('what a role gives', () => {
  it('is the table’s, for one of the five, whatever a row of that name says', () => {
    expect(grantsOf({ name: 'owner', inherits: null, permissions: [] })).toEqual(rolePermissions.owner);
    expect(grantsOf({ name: 'viewer', inherits: 'owner', permissions: ['api_keys:write'] })).toEqual(
      rolePermissions.viewer,
    );
  });

  it('is its own and what it inherits, each once', () => {
    const role = { name: 'support', inherits: 'viewer', permissions: ['sessions:read', 'users:read'] };
    expect(grantsOf(role)).toEqual([...rolePermissions.viewer, 'users:read']);
  });
});

it('a grant that the giver lacks is named', () => {
  expect(() => demandGrantable(new Set(['models:read']), ['models:read', 'users:write'])).toThrow(
    expect.objectContaining({ code: 'permission.not_grantable', text: { detail: 'The caller lacks users:write' } }),
  );
  expect(() => demandGrantable(new Set(['tools:invoke']), ['tools:invoke:everything.echo'])).not.toThrow();
});

it('a subject’s role and own grants add up', () => {
  expect(effective({ role: 'x', roleGrants: ['models:read'], ownGrants: ['models:read', 'users:read'] })).toEqual(
    new Set(['models:read', 'users:read']),
  );
});
