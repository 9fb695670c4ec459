import type { ApiKey } from '@parley/contracts';

/** An API key as stored: everything but the key itself. */
export interface StoredApiKey {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly prefix: string;
  readonly permissions: readonly string[];
  readonly requestsPerMinute: number;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

export type KeyVerdict = 'good' | 'revoked' | 'expired';

export function judge(key: Pick<StoredApiKey, 'expiresAt' | 'revokedAt'>, now: Date): KeyVerdict {
  if (key.revokedAt) return 'revoked';
  return key.expiresAt && key.expiresAt <= now ? 'expired' : 'good';
}

/** Seconds that a token exchanged for the key may live: never longer than the key, and 1 at least. */
export function tokenLifetimeS(key: Pick<StoredApiKey, 'expiresAt'>, now: Date, maxS: number): number {
  if (!key.expiresAt) return maxS;
  return Math.max(1, Math.min(maxS, Math.floor((key.expiresAt.getTime() - now.getTime()) / 1_000)));
}

/** `ply_` and eight of the 43 random digits: enough to tell keys apart, and 208 bits short of the key. */
export const prefixOf = (key: string): string => key.slice(0, 12);

export const toApiKey = (key: StoredApiKey): ApiKey => ({
  id: key.id,
  name: key.name,
  prefix: key.prefix,
  owner: { type: 'user', id: key.createdBy },
  role: null,
  permissions: [...key.permissions],
  requests_per_minute: key.requestsPerMinute,
  tokens_per_minute: null,
  concurrent_streams: null,
  models: null,
  allowed_addresses: null,
  created_at: key.createdAt.toISOString(),
  last_used_at: null,
  expires_at: key.expiresAt?.toISOString() ?? null,
  revoked_at: key.revokedAt?.toISOString() ?? null,
  previous_key_expires_at: null,
});
