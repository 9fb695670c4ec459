import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@parley/persistence';
import type { SecretPair } from '../tokens/secret-id.js';
import type { SecretDigests } from './client-secret.js';
import type { StoredServiceAccount } from './service-account.js';

/** Where a page of accounts ends: they are listed newest first. */
export type AccountPosition = readonly [createdAt: string, id: string];

/** An account as an OAuth client. */
export interface StoredClient extends SecretDigests {
  readonly id: string;
  readonly tenantId: string;
}

const columns = `id, tenant_id as "tenantId", name, role, permissions, created_at as "createdAt",
  previous_secret_expires_at as "previousSecretExpiresAt"`;

@Injectable()
export class ServiceAccountsRepository {
  constructor(private readonly database: Database) {}

  inTenant<T>(tenantId: string, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.inTenant(tenantId, fn);
  }

  /** The only look-up without a tenant: the client's id says whose it is (docs/adr/0013). */
  findClient(id: string): Promise<StoredClient | undefined> {
    return this.database.inScope({ client_id: id }, async (tx) => {
      const [row] = await tx.query<StoredClient>(
        `select id, tenant_id as "tenantId", secret_hash as current, previous_secret_hash as previous,
                previous_secret_expires_at as "previousExpiresAt"
         from service_accounts where id = $1`,
        [id],
      );
      return row;
    });
  }

  async add(tx: Transaction, account: StoredServiceAccount, secretHash: string, createdBy: string): Promise<void> {
    await tx.query(
      `insert into service_accounts (id, tenant_id, name, role, permissions, secret_hash, created_by, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        account.id,
        account.tenantId,
        account.name,
        account.role,
        account.permissions,
        secretHash,
        createdBy,
        account.createdAt,
      ],
    );
  }

  /** At most `limit`. */
  list(tx: Transaction, tenantId: string, limit: number, after?: AccountPosition): Promise<StoredServiceAccount[]> {
    const [createdAt, id] = after ?? [null, null];
    return tx.query<StoredServiceAccount>(
      `select ${columns} from service_accounts
       where tenant_id = $1 and ($2::timestamptz is null or (created_at, id) < ($2::timestamptz, $3::uuid))
       order by created_at desc, id desc limit $4`,
      [tenantId, createdAt, id, limit],
    );
  }

  async find(tx: Transaction, tenantId: string, id: string): Promise<StoredServiceAccount | undefined> {
    const [row] = await tx.query<StoredServiceAccount>(
      `select ${columns} from service_accounts where tenant_id = $1 and id = $2`,
      [tenantId, id],
    );
    return row;
  }

  async change(tx: Transaction, account: StoredServiceAccount): Promise<void> {
    await tx.query(
      'update service_accounts set name = $3, role = $4, permissions = $5 where tenant_id = $1 and id = $2',
      [account.tenantId, account.id, account.name, account.role, account.permissions],
    );
  }

  /** The secret of now works until `overlapUntil`, if that is given, and any before it no longer. Answers those of before. */
  async replaceSecret(
    tx: Transaction,
    { tenantId, id }: Pick<StoredServiceAccount, 'tenantId' | 'id'>,
    secretHash: string,
    overlapUntil: Date | null,
  ): Promise<SecretPair> {
    const [before] = await tx.query<SecretPair>(
      `update service_accounts a
       set previous_secret_hash = case when $4::timestamptz is not null then a.secret_hash end,
           previous_secret_expires_at = $4, secret_hash = $3
       from service_accounts before
       where a.tenant_id = $1 and a.id = $2 and before.tenant_id = $1 and before.id = $2
       returning before.secret_hash as current, before.previous_secret_hash as previous`,
      [tenantId, id, secretHash, overlapUntil],
    );
    if (!before) throw new Error('A service account that was held is gone');
    return before;
  }

  async remove(tx: Transaction, tenantId: string, id: string): Promise<void> {
    await tx.query('delete from service_accounts where tenant_id = $1 and id = $2', [tenantId, id]);
  }
}
