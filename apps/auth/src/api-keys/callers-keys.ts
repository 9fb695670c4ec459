import { Injectable } from '@nestjs/common';
import { AppError, type Identity } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { Clock } from '@parley/service-kit';
import type { ApiKeyBounds } from './api-key-bounds.js';
import { judge, type StoredApiKey } from './api-key.js';

/** The key that a caller calls with, and what bounds it. */
export interface CallersKey extends ApiKeyBounds, Pick<StoredApiKey, 'id' | 'revokedAt'> {}

type Caller = Pick<Identity, 'tenantId' | 'keyId'>;

const keyById = `select id, requests_per_minute as "requestsPerMinute", tokens_per_minute as "tokensPerMinute",
    concurrent_streams as "concurrentStreams", models, allowed_addresses as "allowedAddresses",
    expires_at as "expiresAt", revoked_at as "revokedAt"
  from api_keys where tenant_id = $1 and id = $2`;

/**
 * Reads the key that a caller is, if it is one, since an instance that has not heard of its end still takes its tokens.
 * @throws AppError credential.revoked or .expired where it is no longer good.
 */
@Injectable()
export class CallersKeys {
  constructor(private readonly clock: Clock) {}

  find(tx: Transaction, caller: Caller): Promise<CallersKey | undefined> {
    return this.read(tx, caller, keyById);
  }

  /** As it stays until the transaction ends: nobody revokes it meanwhile. */
  hold(tx: Transaction, caller: Caller): Promise<CallersKey | undefined> {
    return this.read(tx, caller, `${keyById} for share`);
  }

  private async read(tx: Transaction, { tenantId, keyId }: Caller, sql: string): Promise<CallersKey | undefined> {
    if (keyId === undefined) return undefined;
    const [key] = await tx.query<CallersKey>(sql, [tenantId, keyId]);
    if (!key) throw new AppError('credential.revoked');
    const verdict = judge(key, new Date(this.clock.now()));
    if (verdict !== 'good') throw new AppError(`credential.${verdict}`);
    return key;
  }
}
