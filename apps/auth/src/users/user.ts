import type { User } from '@parley/contracts';

/** A user as a member of a tenant. */
export interface Member {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  /** Besides those of the role. */
  readonly permissions: readonly string[];
  /** When they joined the tenant. */
  readonly createdAt: Date;
  /** To this tenant: of others, and of their accounts there, it learns nothing. */
  readonly lastLoginAt: Date | null;
  /** As `NewMembership` says. */
  readonly needsProof: boolean;
}

export const toUser = ({ id, email, role, permissions, createdAt, lastLoginAt }: Omit<Member, 'needsProof'>): User => ({
  id,
  email,
  role,
  permissions: [...permissions],
  created_at: createdAt.toISOString(),
  last_login_at: lastLoginAt?.toISOString() ?? null,
});
