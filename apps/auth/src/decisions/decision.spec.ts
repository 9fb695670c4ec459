import { describe, expect, it } from '@jest/globals';
import type { Authority } from '../authority/authority.js';
import { decide, type Credential } from './decision.js';

const subject = '00000000-0000-4000-8000-000000000001';
const authority: Authority = {
  role: 'support',
  roleGrants: ['sessions:read', 'tools:invoke'],
  ownGrants: ['users:read'],
};
const ask = (permission: string, credential?: Credential) => decide({ permission, subject, authority, credential });

describe('a decision', () => {
  it('names the role that grants', () => {
    expect(ask('sessions:read')).toEqual({
      allowed: true,
      permission: 'sessions:read',
      subject,
      explanation: 'The role support grants sessions:read',
      steps: [
        { kind: 'role', name: 'support', grant: 'sessions:read' },
        { kind: 'own_permissions', name: null, grant: null },
      ],
    });
  });

  it('names the wider grant that covers an instance', () => {
    const { allowed, explanation, steps } = ask('tools:invoke:everything.echo');
    expect({ allowed, explanation }).toEqual({
      allowed: true,
      explanation: 'The role support grants tools:invoke, which covers tools:invoke:everything.echo',
    });
    expect(steps[0]).toEqual({ kind: 'role', name: 'support', grant: 'tools:invoke' });
  });

  it('says when it is the subject’s own permission', () => {
    expect(ask('users:read')).toMatchObject({
      allowed: true,
      explanation: 'A permission of the subject’s own grants users:read',
    });
  });

  it('says which of the five roles would do, when nothing grants', () => {
    expect(ask('users:write')).toMatchObject({
      allowed: false,
      explanation: expect.stringMatching(/^Neither the role support nor .* grants users:write; .*: admin, owner$/),
    });
  });

  it.each<[string, Credential, string, boolean]>([
    [
      'the API key that narrows',
      { key: { name: 'ci', role: null, grants: ['models:read'] }, tokenPermissions: [] },
      'The role support grants sessions:read; but the API key “ci” does not have it',
      false,
    ],
    [
      'the role of the API key that narrows',
      { key: { name: 'ci', role: 'builds', grants: ['models:read'] }, tokenPermissions: [] },
      'The role support grants sessions:read; but the API key “ci” of the role builds does not have it',
      false,
    ],
    [
      'the token that narrows',
      { tokenPermissions: ['models:read'] },
      'The role support grants sessions:read; but the token does not have it: it was made for less',
      false,
    ],
    [
      'the role, where key and token let it through',
      { key: { name: 'ci', role: null, grants: ['sessions:read'] }, tokenPermissions: new Set(['sessions:read']) },
      'The role support grants sessions:read',
      true,
    ],
  ])('names %s', (_, credential, explanation, allowed) => {
    expect(ask('sessions:read', credential)).toMatchObject({ allowed, explanation });
  });

  it('is no where a token still says what its subject has lost', () => {
    expect(ask('users:write', { tokenPermissions: ['users:write'] })).toMatchObject({ allowed: false });
  });
});
