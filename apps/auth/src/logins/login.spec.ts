import { describe, expect, it } from '@jest/globals';
import { present, type Login, type RefreshToken } from './login.js';

const now = new Date('2026-01-01T12:00:00Z');
const past = new Date('2026-01-01T11:00:00Z');
const future = new Date('2026-01-31T12:00:00Z');
const open: Login = { id: 'login', tenantId: 'tenant', userId: 'user', endedAt: null };
const ended: Login = { ...open, endedAt: past };
const fresh: RefreshToken = { expiresAt: future, replacedAt: null };

describe('presenting a refresh token', () => {
  it('rotates one that is current', () => {
    expect(present(open, fresh, now)).toBe('rotate');
  });

  it('is reuse when it was replaced before, even after it expired', () => {
    expect(present(open, { ...fresh, replacedAt: past }, now)).toBe('reuse');
    expect(present(open, { expiresAt: past, replacedAt: past }, now)).toBe('reuse');
  });

  it('is invalid from the moment of its expiry', () => {
    expect(present(open, { ...fresh, expiresAt: now }, now)).toBe('invalid');
  });

  it('is invalid for every token of a login that ended', () => {
    expect(present(ended, fresh, now)).toBe('invalid');
    expect(present(ended, { ...fresh, replacedAt: past }, now)).toBe('invalid');
  });
});
