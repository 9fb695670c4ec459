import { describe, expect, it } from '@jest/globals';
import {
  allPermissions,
  covers,
  coveringGrant,
  grant,
  platformPermissions,
  rolePermissions,
  within,
} from './permissions.js';

describe('a grant', () => {
  it.each(['tools:invoke', 'tools:invoke:everything.echo', 'tools:invoke:my-files.read/all'])('can be %s', (text) => {
    expect(grant.safeParse(text).success).toBe(true);
  });

  it.each([
    'tools:invoke:',
    'tools:invoke:echo',
    'models:read:gpt',
    'tools:*',
    '',
    `tools:invoke:a.${'x'.repeat(129)}`,
  ])('cannot be %s', (text) => {
    expect(grant.safeParse(text).success).toBe(false);
  });

  it('on everything covers an instance, on an instance that one alone', () => {
    expect(covers(new Set(['tools:invoke']), 'tools:invoke', 'a.b')).toBe(true);
    expect(covers(new Set(['tools:invoke:a.b']), 'tools:invoke', 'a.b')).toBe(true);
    expect(covers(new Set(['tools:invoke:a.b']), 'tools:invoke', 'a.c')).toBe(false);
    expect(covers(new Set(['tools:invoke:a.b']), 'tools:invoke')).toBe(false);
  });

  it('is found on everything or on the one instance', () => {
    const echo = 'tools:invoke:everything.echo';
    expect(coveringGrant(new Set(['tools:invoke', echo]), echo)).toBe('tools:invoke');
    expect(coveringGrant(new Set([echo]), echo)).toBe(echo);
    expect(coveringGrant(new Set([echo]), 'tools:invoke')).toBeUndefined();
  });

  it('of a whole action is not within one on an instance', () => {
    const others = new Set(['tools:invoke:everything.echo', 'models:read']);
    expect(within(['tools:invoke', 'models:read'], others)).toEqual(['models:read']);
  });
});

it('an owner has every permission but those over what all tenants share, which no role gives', () => {
  const given = new Set<string>(Object.values(rolePermissions).flat());
  expect(allPermissions.filter((permission) => !given.has(permission))).toEqual(platformPermissions);
  expect(new Set(rolePermissions.owner)).toEqual(given);
});
