import type { ServiceAccount } from '@parley/contracts';

/** A service account as stored, but for its secrets. */
export interface StoredServiceAccount {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly role: string;
  /** Besides those of the role. */
  readonly permissions: readonly string[];
  readonly createdAt: Date;
  readonly previousSecretExpiresAt: Date | null;
}

export function toServiceAccount(account: StoredServiceAccount, now: Date): ServiceAccount {
  const { id, name, role, permissions, createdAt, previousSecretExpiresAt: overlap } = account;
  return {
    id,
    name,
    role,
    permissions: [...permissions],
    created_at: createdAt.toISOString(),
    previous_secret_expires_at: overlap && overlap > now ? overlap.toISOString() : null,
  };
}
