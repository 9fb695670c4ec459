import { expect, it } from '@jest/globals';
import { mintInvitationToken, statusOf } from './invitation.js';

const now = new Date('2026-01-01T12:00:00Z');
const past = new Date('2026-01-01T11:00:00Z');
const future = new Date('2026-01-02T12:00:00Z');
const open = { acceptedAt: null, revokedAt: null, expiresAt: future };

it.each([
  ['pending', open],
  ['expired', { ...open, expiresAt: now }],
  ['revoked', { ...open, revokedAt: past }],
  ['revoked', { ...open, revokedAt: past, expiresAt: past }],
  ['accepted', { ...open, acceptedAt: past, expiresAt: past }],
] as const)('an invitation is %s', (status, invitation) => {
  expect(statusOf(invitation, now)).toBe(status);
});

it('tokens are told from other secrets, and never come twice', () => {
  const minted = Array.from({ length: 100 }, mintInvitationToken);

  expect(minted.every((token) => /^pli_[\w-]{43}$/.test(token))).toBe(true);
  expect(new Set(minted).size).toBe(100);
});
