import { Injectable } from '@nestjs/common';
import { AppError, type Identity, type UpdateServiceAccountRequest } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { AccessChanges } from '../access-changes/access-changes.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { KeyRevocations } from '../api-keys/key-revocations.js';
import { Granting } from '../authority/granting.js';
import { endedSecrets } from '../tokens/secret-id.js';
import { digestOf } from './client-secret.js';
import type { StoredServiceAccount } from './service-account.js';
import { ServiceAccountsRepository } from './service-accounts.repository.js';

/**
 * Changes of service accounts, by those who may do all that the account may. Every method throws AppError
 * service_account.not_found, and as `Granting.demandMayChange`.
 */
@Injectable()
export class ServiceAccountChanges {
  constructor(
    private readonly accounts: ServiceAccountsRepository,
    private readonly tenants: AccountsRepository,
    private readonly granting: Granting,
    private readonly keys: KeyRevocations,
    private readonly access: AccessChanges,
  ) {}

  /** Tokens that are out follow within 2 s. @throws AppError role.not_found, grants.too_many. */
  update(caller: Identity, id: string, change: UpdateServiceAccountRequest): Promise<StoredServiceAccount> {
    return this.holding(caller, id, async (tx, account) => {
      const { name = account.name, role = account.role, permissions: own = account.permissions } = change;
      const changed = { ...account, name, role, permissions: own };
      const permissions = await this.granting.demandMayGive(tx, caller, changed);
      await this.accounts.change(tx, changed);
      await this.access.permissionsChanged(tx, account.tenantId, id, permissions);
      return changed;
    });
  }

  /** With its API keys; its tokens, and those that it acts with for others, are refused within 2 s. */
  remove(caller: Identity, id: string): Promise<void> {
    return this.holding(caller, id, async (tx, { tenantId }) => {
      await this.keys.revokeAllOf(tx, caller, id);
      await this.accounts.remove(tx, tenantId, id);
      await this.access.subjectRemoved(tx, tenantId, id);
    });
  }

  /** Tokens of a secret that ends by it are refused within 2 s; those of one that overlaps live out their minutes. */
  replaceSecret(
    caller: Identity,
    id: string,
    secret: string,
    overlapUntil: Date | null,
  ): Promise<StoredServiceAccount> {
    return this.holding(caller, id, async (tx, account) => {
      const before = await this.accounts.replaceSecret(tx, account, digestOf(secret), overlapUntil);
      await this.access.secretsReplaced(tx, account.tenantId, endedSecrets(before, overlapUntil !== null));
      return { ...account, previousSecretExpiresAt: overlapUntil };
    });
  }

  /** With the account as it stays until the transaction ends: who changes the grants of one locks the tenant first. */
  private holding<T>(
    caller: Identity,
    id: string,
    fn: (tx: Transaction, account: StoredServiceAccount) => Promise<T>,
  ): Promise<T> {
    return this.accounts.inTenant(caller.tenantId, async (tx) => {
      await this.tenants.lockMembers(tx, caller.tenantId);
      const account = await this.accounts.find(tx, caller.tenantId, id);
      if (!account) throw new AppError('service_account.not_found');
      await this.granting.demandMayChange(tx, caller, { type: 'service_account', id });
      return fn(tx, account);
    });
  }
}
