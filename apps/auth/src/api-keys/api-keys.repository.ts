import { Injectable } from '@nestjs/common';
import { isBuiltInRole } from '@parley/contracts';
import { Database, type Transaction } from '@parley/persistence';
import { grantsOf, type RoleGrants } from '../authority/authority.js';
import type { SecretPair } from '../tokens/secret-id.js';
import type { StoredApiKey } from './api-key.js';

/** Where a page of keys ends: they are listed newest first. */
export type KeyPosition = readonly [createdAt: string, id: string];

/** A key that takes the place of another. */
export interface RenewedSecret {
  readonly keyHash: string;
  readonly prefix: string;
  readonly previousKeyExpiresAt: Date;
}

const columnsBut = (expiresAt: string): string =>
  `id, tenant_id as "tenantId", name, prefix, service_account_id as "serviceAccountId", parent_key_id as "parentKeyId", role, permissions,
   requests_per_minute as "requestsPerMinute", tokens_per_minute as "tokensPerMinute",
   concurrent_streams as "concurrentStreams", models, allowed_addresses as "allowedAddresses", created_by as "createdBy",
   created_at as "createdAt", last_used_at as "lastUsedAt", ${expiresAt} as "expiresAt", revoked_at as "revokedAt",
   previous_key_expires_at as "previousKeyExpiresAt"`;
const columns = columnsBut('expires_at');

/** By the secret that was presented: one that was renewed ends with the overlap, before the key does. */
const keyByHash = `select ${columnsBut('case when key_hash = $1 then expires_at else previous_key_expires_at end')}
  from api_keys where key_hash = $1 or previous_key_hash = $1`;

@Injectable()
export class ApiKeysRepository {
  constructor(private readonly database: Database) {}

  inTenant<T>(tenantId: string, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.inTenant(tenantId, fn);
  }

  /** The only look-up without a tenant: the key's hash says whose it is (docs/adr/0013). `expiresAt` is the secret's own. */
  async findByHash(keyHash: string): Promise<StoredApiKey | undefined> {
    const byHash = { name: 'api_key_by_hash', text: keyByHash };
    const [row] = await this.database.queryInScope<StoredApiKey>({ credential_hash: keyHash }, byHash, [keyHash]);
    return row;
  }

  /** As stored; undefined when the very same key exists already. Blocks lose the bits that their prefix does not have. */
  async add(tx: Transaction, key: StoredApiKey, keyHash: string): Promise<StoredApiKey | undefined> {
    const [added] = await tx.query<StoredApiKey>(
      `insert into api_keys (id, tenant_id, key_hash, prefix, name, service_account_id, role, permissions,
         requests_per_minute, tokens_per_minute, concurrent_streams, models, created_by, created_at, expires_at,
         parent_key_id, allowed_addresses)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
         (select array_agg(network(block::inet)) from unnest($17::text[]) as block))
       on conflict (key_hash) do nothing returning ${columns}`,
      [
        key.id,
        key.tenantId,
        keyHash,
        key.prefix,
        key.name,
        key.serviceAccountId,
        key.role,
        key.permissions,
        key.requestsPerMinute,
        key.tokensPerMinute,
        key.concurrentStreams,
        key.models,
        key.createdBy,
        key.createdAt,
        key.expiresAt,
        key.parentKeyId,
        key.allowedAddresses,
      ],
    );
    return added;
  }

  async regrant(tx: Transaction, tenantId: string, keyHash: string, permissions: readonly string[]): Promise<void> {
    await tx.query('update api_keys set permissions = $3 where tenant_id = $1 and key_hash = $2', [
      tenantId,
      keyHash,
      permissions,
    ]);
  }

  /** Of the secrets of a key that is locked. */
  async digestsOf(tx: Transaction, { tenantId, id }: StoredApiKey): Promise<SecretPair> {
    const [digests] = await tx.query<SecretPair>(
      'select key_hash as current, previous_key_hash as previous from api_keys where tenant_id = $1 and id = $2',
      [tenantId, id],
    );
    if (!digests) throw new Error('A key that was locked is gone');
    return digests;
  }

  /** The secret that there is stays good for the overlap; one that was kept from an earlier renewal ends. */
  async renew(tx: Transaction, { tenantId, id }: StoredApiKey, renewed: RenewedSecret): Promise<StoredApiKey> {
    const [key] = await tx.query<StoredApiKey>(
      `update api_keys set previous_key_hash = key_hash, previous_key_expires_at = $5, key_hash = $3, prefix = $4
       where tenant_id = $1 and id = $2 returning ${columns}`,
      [tenantId, id, renewed.keyHash, renewed.prefix, renewed.previousKeyExpiresAt],
    );
    if (!key) throw new Error('A key that was locked is gone');
    return key;
  }

  /** At most `limit` keys, revoked and expired ones too. */
  list(tx: Transaction, tenantId: string, limit: number, after?: KeyPosition): Promise<StoredApiKey[]> {
    const [createdAt, id] = after ?? [null, null];
    return tx.query<StoredApiKey>(
      `select ${columns} from api_keys
       where tenant_id = $1 and ($2::timestamptz is null or (created_at, id) < ($2::timestamptz, $3::uuid))
       order by created_at desc, id desc limit $4`,
      [tenantId, createdAt, id, limit],
    );
  }

  async find(tx: Transaction, tenantId: string, id: string): Promise<StoredApiKey | undefined> {
    const byId = `select ${columns} from api_keys where tenant_id = $1 and id = $2`;
    const [row] = await tx.query<StoredApiKey>(byId, [tenantId, id]);
    return row;
  }

  /** Locked until the transaction ends, so that a key is revoked once. */
  async lock(tx: Transaction, tenantId: string, id: string): Promise<StoredApiKey | undefined> {
    const [row] = await tx.query<StoredApiKey>(
      `select ${columns} from api_keys where tenant_id = $1 and id = $2 for update`,
      [tenantId, id],
    );
    return row;
  }

  /** With all that were made with it, by whomever; the ids of those that were good until now. */
  revoke(tx: Transaction, tenantId: string, id: string, at: Date): Promise<string[]> {
    return this.revokeTrees(tx, 'id = $3', [tenantId, at, id]);
  }

  /** As `revoke`, all keys of a user or service account. */
  revokeOwned(tx: Transaction, tenantId: string, ownerId: string, at: Date): Promise<string[]> {
    const owned = '(service_account_id = $3 or (created_by = $3 and service_account_id is null))';
    return this.revokeTrees(tx, owned, [tenantId, at, ownerId]);
  }

  /** A key that is held while it makes another is waited for, and its child seen by the next round alone. */
  private async revokeTrees(tx: Transaction, roots: string, params: readonly unknown[]): Promise<string[]> {
    const round = await tx.query<{ id: string }>(
      `with recursive tree as (
         select id from api_keys where tenant_id = $1 and ${roots}
         union select child.id from api_keys child join tree on child.parent_key_id = tree.id where child.tenant_id = $1)
       update api_keys set revoked_at = $2
       where tenant_id = $1 and id in (select id from tree) and revoked_at is null returning id`,
      params,
    );
    if (round.length === 0) return [];
    return [...round.map(({ id }) => id), ...(await this.revokeTrees(tx, roots, params))];
  }

  /** What the key's own grants or its role give now. Unlocked: news of a change finds the tokens that are out. */
  async grantsOf(tx: Transaction, { tenantId, role, permissions }: StoredApiKey): Promise<readonly string[]> {
    if (role === null) return permissions;
    if (isBuiltInRole(role)) return grantsOf({ name: role, inherits: null, permissions: [] });
    const [row] = await tx.query<RoleGrants>(
      'select name, inherits, permissions from roles where tenant_id = $1 and name = $2',
      [tenantId, role],
    );
    return row ? grantsOf(row) : [];
  }

  /** Written once a minute at most, whichever instances the key is used at. */
  async used(tx: Transaction, tenantId: string, ids: readonly string[], at: Date): Promise<void> {
    await tx.query(
      `update api_keys set last_used_at = $3
       where tenant_id = $1 and id = any($2) and (last_used_at is null or last_used_at <= $3::timestamptz - interval '1 minute')`,
      [tenantId, ids, at],
    );
  }
}
