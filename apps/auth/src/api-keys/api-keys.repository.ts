import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@parley/persistence';
import type { StoredApiKey } from './api-key.js';

/** Where a page of keys ends: they are listed newest first. */
export type KeyPosition = readonly [createdAt: string, id: string];

const columns = `id, tenant_id as "tenantId", name, prefix, permissions, requests_per_minute as "requestsPerMinute",
  created_by as "createdBy", created_at as "createdAt", expires_at as "expiresAt", revoked_at as "revokedAt"`;

@Injectable()
export class ApiKeysRepository {
  constructor(private readonly database: Database) {}

  inTenant<T>(tenantId: string, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.inTenant(tenantId, fn);
  }

  /** The only look-up without a tenant: the key's hash says whose it is (docs/adr/0013). */
  findByHash(keyHash: string): Promise<StoredApiKey | undefined> {
    return this.database.inScope({ credential_hash: keyHash }, async (tx) => {
      const [row] = await tx.query<StoredApiKey>(
        { name: 'api_key_by_hash', text: `select ${columns} from api_keys where key_hash = $1` },
        [keyHash],
      );
      return row;
    });
  }

  /** False when the very same key exists already. */
  async add(tx: Transaction, key: StoredApiKey, keyHash: string): Promise<boolean> {
    const added = await tx.query(
      `insert into api_keys (id, tenant_id, key_hash, prefix, name, permissions, requests_per_minute, created_by,
         created_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (key_hash) do nothing returning id`,
      [
        key.id,
        key.tenantId,
        keyHash,
        key.prefix,
        key.name,
        key.permissions,
        key.requestsPerMinute,
        key.createdBy,
        key.createdAt,
        key.expiresAt,
      ],
    );
    return added.length > 0;
  }

  async regrant(tx: Transaction, tenantId: string, keyHash: string, permissions: readonly string[]): Promise<void> {
    await tx.query('update api_keys set permissions = $3 where tenant_id = $1 and key_hash = $2', [
      tenantId,
      keyHash,
      permissions,
    ]);
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

  /** As it stays until the transaction ends: nobody revokes it meanwhile. */
  async hold(tx: Transaction, tenantId: string, id: string): Promise<StoredApiKey | undefined> {
    const [row] = await tx.query<StoredApiKey>(
      `select ${columns} from api_keys where tenant_id = $1 and id = $2 for share`,
      [tenantId, id],
    );
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

  async revoke(tx: Transaction, tenantId: string, id: string, at: Date): Promise<void> {
    await tx.query('update api_keys set revoked_at = $3 where tenant_id = $1 and id = $2', [tenantId, id, at]);
  }
}
