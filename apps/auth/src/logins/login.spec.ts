import { describe, expect, it } from '@jest/globals';
import type { Identity } from '@parley/contracts';
import { demandOwnLogin, present, type Login, type RefreshToken } from './login.js';

const graceMs = 10_000;
const now = new Date('2026-01-01T12:00:00Z');
const before = (ms: number) => new Date(now.getTime() - ms);
const past = before(3_600_000);
const future = new Date('2026-01-31T12:00:00Z');
const open: Login = { id: 'login', tenantId: 'tenant', userId: 'user', endedAt: null };
const ended: Login = { ...open, endedAt: past };
const fresh: RefreshToken = { expiresAt: future, replacedAt: null };

describe('presenting a refresh token', () => {
  it('rotates one that is current', () => {
    expect(present(open, fresh, now, graceMs)).toBe('rotate');
  });

  it('gives the same successor again within the grace, also by a clock that is behind', () => {
    expect(present(open, { ...fresh, replacedAt: before(graceMs - 1) }, now, graceMs)).toBe('again');
    expect(present(open, { ...fresh, replacedAt: before(-500) }, now, graceMs)).toBe('again');
  });

  it('is reuse when it was replaced longer ago, even after it expired', () => {
    expect(present(open, { ...fresh, replacedAt: before(graceMs) }, now, graceMs)).toBe('reuse');
    expect(present(open, { expiresAt: past, replacedAt: past }, now, graceMs)).toBe('reuse');
    expect(present(open, { ...fresh, replacedAt: now }, now, 0)).toBe('reuse');
  });

  it('is invalid from the moment of its expiry', () => {
    expect(present(open, { ...fresh, expiresAt: now }, now, graceMs)).toBe('invalid');
  });

  it('is invalid for every token of a login that ended', () => {
    expect(present(ended, fresh, now, graceMs)).toBe('invalid');
    expect(present(ended, { ...fresh, replacedAt: before(1) }, now, graceMs)).toBe('invalid');
  });
});

describe('what only a user can do who is logged in', () => {
  const user: Identity = {
    tenantId: 'tenant',
    subject: 'user',
    subjectType: 'user',
    actors: [],
    permissions: new Set(),
    tokenId: 'token',
    expiresAt: future,
    loginId: 'login',
  };
  const { loginId, ...withoutLogin } = user;

  it('is open to them', () => {
    expect(demandOwnLogin(user)).toBe(loginId);
  });

  it.each<[string, Identity]>([
    ['a key of theirs', { ...withoutLogin, keyId: 'key' }],
    ['whoever acts for them', { ...user, actors: ['agent'] }],
    ['a service account', { ...user, subjectType: 'service_account' }],
  ])('is closed to %s', (_, caller) => {
    expect(() => demandOwnLogin(caller)).toThrow(expect.objectContaining({ code: 'request.forbidden' }));
  });
});
