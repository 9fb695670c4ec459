import type { ApiKey } from '@parley/contracts';
import type { Subject } from '../authority/authority.js';

/** An API key as stored: everything but the key itself. */
export interface StoredApiKey {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly prefix: string;
  /** Null for the key of a user, who is then `createdBy`. */
  readonly serviceAccountId: string | null;
  /** The key that it was made with, and ends with; null where its maker came with a login or a client secret. */
  readonly parentKeyId: string | null;
  readonly role: string | null;
  /** Its own; empty where it has a role. */
  readonly permissions: readonly string[];
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number | null;
  readonly concurrentStreams: number | null;
  readonly models: readonly string[] | null;
  readonly allowedAddresses: readonly string[] | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly previousKeyExpiresAt: Date | null;
}

export type KeyVerdict = 'good' | 'revoked' | 'expired';

export function judge(key: Pick<StoredApiKey, 'expiresAt' | 'revokedAt'>, now: Date): KeyVerdict {
  if (key.revokedAt) return 'revoked';
  return key.expiresAt && key.expiresAt <= now ? 'expired' : 'good';
}

/** Whom calls with the key are made by. */
export const ownerOf = ({ tenantId, serviceAccountId, createdBy }: StoredApiKey): Subject =>
  serviceAccountId === null
    ? { tenantId, type: 'user', id: createdBy }
    : { tenantId, type: 'service_account', id: serviceAccountId };

/** Seconds that a token exchanged for the key may live: never longer than the key, and 1 at least. */
export function tokenLifetimeS(key: Pick<StoredApiKey, 'expiresAt'>, now: Date, maxS: number): number {
  if (!key.expiresAt) return maxS;
  return Math.max(1, Math.min(maxS, Math.floor((key.expiresAt.getTime() - now.getTime()) / 1_000)));
}

/** `ply_` and eight of the 43 random digits: enough to tell keys apart, and 208 bits short of the key. */
export const prefixOf = (key: string): string => key.slice(0, 12);

const textOf = (time: Date | null): string | null => time?.toISOString() ?? null;

export function toApiKey(key: StoredApiKey): ApiKey {
  const { type, id } = ownerOf(key);
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    owner: { type, id },
    role: key.role,
    permissions: [...key.permissions],
    requests_per_minute: key.requestsPerMinute,
    tokens_per_minute: key.tokensPerMinute,
    concurrent_streams: key.concurrentStreams,
    models: key.models && [...key.models],
    allowed_addresses: key.allowedAddresses && [...key.allowedAddresses],
    created_at: key.createdAt.toISOString(),
    last_used_at: textOf(key.lastUsedAt),
    expires_at: textOf(key.expiresAt),
    revoked_at: textOf(key.revokedAt),
    previous_key_expires_at: textOf(key.previousKeyExpiresAt),
  };
}
