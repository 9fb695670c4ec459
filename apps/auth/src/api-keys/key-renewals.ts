import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  apiKeyRotated,
  AppError,
  type CreatedApiKey,
  type Identity,
  type RotateApiKeyRequest,
} from '@parley/contracts';
import { mintApiKey } from '@parley/identity';
import { Outbox } from '@parley/messaging';
import type { Transaction } from '@parley/persistence';
import { Clock } from '@parley/service-kit';
import { AccessChanges } from '../access-changes/access-changes.js';
import { endedSecrets } from '../tokens/secret-id.js';
import { demandWithin } from './api-key-bounds.js';
import { judge, ownerOf, prefixOf, toApiKey, type StoredApiKey } from './api-key.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { demandServiceAccounts, KeyGrants } from './key-grants.js';

/** Gives keys that exist another secret, beside which the one before works on for a while. */
@Injectable()
export class KeyRenewals {
  constructor(
    private readonly repository: ApiKeysRepository,
    private readonly grants: KeyGrants,
    private readonly outbox: Outbox,
    private readonly access: AccessChanges,
    private readonly clock: Clock,
  ) {}

  /**
   * The secret before the one that is replaced ends at once, where it still worked; without an overlap that one does, too. So
   * do their tokens, within 2 s.
   * @throws AppError api_key.not_found; api_key.ended; request.forbidden for another user's key, or a service account's
   *   without `service_accounts:write`; permission.not_grantable, api_key.not_grantable for a key of more than the caller has.
   */
  async rotate(caller: Identity, id: string, { overlap_s }: RotateApiKeyRequest): Promise<CreatedApiKey> {
    const { tenantId } = caller;
    const secret = mintApiKey();
    const renewed = await this.repository.inTenant(tenantId, async (tx) => {
      const key = await this.mine(tx, caller, id);
      const previousKeyExpiresAt = this.endOfOverlap(key, overlap_s);
      const event = { api_key_id: id, rotated_by: caller.subject };
      await this.outbox.add(tx, apiKeyRotated, tenantId, {
        ...event,
        previous_key_expires_at: previousKeyExpiresAt.toISOString(),
      });
      const ended = endedSecrets(await this.repository.digestsOf(tx, key), overlap_s > 0);
      await this.access.secretsReplaced(tx, tenantId, ended);
      return this.repository.renew(tx, key, {
        keyHash: hash('sha256', secret),
        prefix: prefixOf(secret),
        previousKeyExpiresAt,
      });
    });
    return { ...toApiKey(renewed), key: secret };
  }

  /** A key that is locked, good, and that the caller may have the secret of. */
  private async mine(tx: Transaction, caller: Identity, id: string): Promise<StoredApiKey> {
    const key = await this.repository.lock(tx, caller.tenantId, id);
    if (!key) throw new AppError('api_key.not_found');
    if (judge(key, new Date(this.clock.now())) !== 'good') throw new AppError('api_key.ended');
    demandOwn(caller, key);
    const giver = await this.grants.giverOf(tx, caller);
    if (giver) demandWithin(key, giver);
    await this.grants.demandMayChange(tx, caller, key);
    return key;
  }

  /** A secret does not outlive its key. */
  private endOfOverlap({ expiresAt }: StoredApiKey, overlapS: number): Date {
    const end = this.clock.now() + overlapS * 1_000;
    return new Date(Math.min(end, expiresAt?.getTime() ?? Infinity));
  }
}

/** Who has the secret of a key acts as its owner: not even an administrator is to be taken for another user. */
function demandOwn(caller: Identity, key: StoredApiKey): void {
  const { type, id } = ownerOf(key);
  if (id === caller.subject) return;
  if (type === 'user') throw new AppError('request.forbidden', { detail: 'Only its owner can rotate a user’s key' });
  demandServiceAccounts(caller);
}
