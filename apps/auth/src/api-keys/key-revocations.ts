import { Injectable } from '@nestjs/common';
import { apiKeyRevoked, type Identity } from '@parley/contracts';
import { Outbox } from '@parley/messaging';
import type { Transaction } from '@parley/persistence';
import { Clock } from '@parley/service-kit';
import { AccessChanges } from '../access-changes/access-changes.js';
import { TokenLifetimes } from '../tokens/token-lifetimes.js';
import { ApiKeysRepository } from './api-keys.repository.js';

/**
 * By how much later subscribers are told that the last token ends: ample for the clocks of others, and for an exchange that
 * read the key just before it was revoked.
 */
const announcedMarginMs = 30_000;

/** Ends keys. This instance refuses their tokens from the commit on, the others within 2 s. */
@Injectable()
export class KeyRevocations {
  constructor(
    private readonly repository: ApiKeysRepository,
    private readonly outbox: Outbox,
    private readonly access: AccessChanges,
    private readonly lifetimes: TokenLifetimes,
    private readonly clock: Clock,
  ) {}

  /** A key that is locked, and good until now, with all that were made with it. */
  async revoke(tx: Transaction, caller: Identity, id: string): Promise<void> {
    const now = this.clock.now();
    await this.tell(tx, caller, await this.repository.revoke(tx, caller.tenantId, id, new Date(now)), now);
  }

  /**
   * In the transaction that removes a user or service account. Keys that the user made for service accounts go on, but for
   * those made with a key of theirs.
   */
  async revokeAllOf(tx: Transaction, caller: Identity, ownerId: string): Promise<void> {
    const now = this.clock.now();
    await this.tell(tx, caller, await this.repository.revokeOwned(tx, caller.tenantId, ownerId, new Date(now)), now);
  }

  private async tell(tx: Transaction, caller: Identity, ids: readonly string[], now: number): Promise<void> {
    const { tenantId, subject: revoked_by } = caller;
    const tokens_expire_at = new Date(now + this.lifetimes.apiKeyTokenS * 1_000 + announcedMarginMs).toISOString();
    for (const api_key_id of ids)
      await this.outbox.add(tx, apiKeyRevoked, tenantId, { api_key_id, revoked_by, tokens_expire_at });
    await this.access.keysRevoked(tx, tenantId, ids);
  }
}
