import { hash, randomBytes } from 'node:crypto';
import type { Invitation } from '@parley/contracts';

/** A place in a tenant that waits for whoever has the token. */
export interface StoredInvitation {
  readonly id: string;
  readonly tenantId: string;
  readonly email: string;
  readonly role: string;
  /** The user or service account that invites. */
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly acceptedAt: Date | null;
  readonly revokedAt: Date | null;
}

export type InvitationStatus = Invitation['status'];

export function statusOf(
  { acceptedAt, revokedAt, expiresAt }: Pick<StoredInvitation, 'acceptedAt' | 'revokedAt' | 'expiresAt'>,
  now: Date,
): InvitationStatus {
  if (acceptedAt) return 'accepted';
  if (revokedAt) return 'revoked';
  return expiresAt <= now ? 'expired' : 'pending';
}

/** 256 random bits, of which a plain digest is enough to store. The prefix lets secret scanners know it. */
export const mintInvitationToken = (): string => `pli_${randomBytes(32).toString('base64url')}`;

export const digestOf = (token: string): string => hash('sha256', token);

export const toInvitation = (invitation: StoredInvitation, now: Date): Invitation => ({
  id: invitation.id,
  email: invitation.email,
  role: invitation.role,
  status: statusOf(invitation, now),
  created_at: invitation.createdAt.toISOString(),
  expires_at: invitation.expiresAt.toISOString(),
});
