import { describe, expect, it } from '@jest/globals';
import { allPermissions, rolePermissions } from '@parley/contracts';
import { coveringGrant, demandGrantable, effective, grantsOf, within } from './authority.js';

describe('what a role gives', () => {
  it('is the table’s, for one of the five, whatever a row of that name says', () => {
    expect(grantsOf({ name: 'owner', inherits: null, permissions: [] })).toEqual(allPermissions);
    expect(grantsOf({ name: 'viewer', inherits: 'owner', permissions: ['api_keys:write'] })).toEqual(
      rolePermissions.viewer,
    );
  });

  it('is its own and what it inherits, each once', () => {
    const role = { name: 'support', inherits: 'viewer', permissions: ['sessions:read', 'users:read'] };
    expect(grantsOf(role)).toEqual([...rolePermissions.viewer, 'users:read']);
  });
});

describe('a grant', () => {
  it('is found on everything or on the one instance', () => {
    expect(coveringGrant(['tools:invoke'], 'tools:invoke:everything.echo')).toBe('tools:invoke');
    expect(coveringGrant(['tools:invoke:everything.echo'], 'tools:invoke:everything.echo')).toBe(
      'tools:invoke:everything.echo',
    );
    expect(coveringGrant(['tools:invoke:everything.echo'], 'tools:invoke')).toBeUndefined();
  });

  it('of a whole action is not within one on an instance', () => {
    expect(within(['tools:invoke', 'models:read'], ['tools:invoke:everything.echo', 'models:read'])).toEqual([
      'models:read',
    ]);
  });

  it('that the giver lacks is named', () => {
    expect(() => demandGrantable(['models:read'], ['models:read', 'users:write'])).toThrow(
      expect.objectContaining({ code: 'permission.not_grantable', text: { detail: 'The caller lacks users:write' } }),
    );
    expect(() => demandGrantable(['tools:invoke'], ['tools:invoke:everything.echo'])).not.toThrow();
  });
});

it('a subject’s role and own grants add up', () => {
  expect(effective({ role: 'x', roleGrants: ['models:read'], ownGrants: ['models:read', 'users:read'] })).toEqual([
    'models:read',
    'users:read',
  ]);
});
