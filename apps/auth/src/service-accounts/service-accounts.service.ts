import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  AppError,
  decodeCursor,
  storedPosition,
  toPage,
  type CreateServiceAccountRequest,
  type Identity,
  type PageQuery,
  type RotateSecretRequest,
  type ServiceAccount,
  type ServiceAccountPage,
  type ServiceAccountWithSecret,
  type UpdateServiceAccountRequest,
} from '@parley/contracts';
import { Clock } from '@parley/service-kit';
import { Granting } from '../authority/granting.js';
import { digestOf, mintClientSecret } from './client-secret.js';
import { ServiceAccountChanges } from './service-account-changes.js';
import { toServiceAccount } from './service-account.js';
import { ServiceAccountsRepository } from './service-accounts.repository.js';

@Injectable()
export class ServiceAccountsService {
  constructor(
    private readonly accounts: ServiceAccountsRepository,
    private readonly granting: Granting,
    private readonly changes: ServiceAccountChanges,
    private readonly clock: Clock,
  ) {}

  /**
   * The answer is the only place where the secret is ever seen.
   * @throws AppError as `Granting.demandMayGive`.
   */
  async create(caller: Identity, request: CreateServiceAccountRequest): Promise<ServiceAccountWithSecret> {
    const { tenantId, subject: createdBy } = caller;
    const secret = mintClientSecret();
    const now = this.now();
    const account = { ...request, id: randomUUID(), tenantId, createdAt: now, previousSecretExpiresAt: null };
    await this.accounts.inTenant(tenantId, async (tx) => {
      await this.granting.demandMayGive(tx, caller, request);
      await this.accounts.add(tx, account, digestOf(secret), createdBy);
    });
    return { ...toServiceAccount(account, now), client_secret: secret };
  }

  /** @throws AppError cursor.invalid. */
  async list({ tenantId }: Identity, { limit, cursor }: PageQuery): Promise<ServiceAccountPage> {
    const after = cursor === undefined ? undefined : decodeCursor(storedPosition, cursor);
    const found = await this.accounts.inTenant(tenantId, (tx) => this.accounts.list(tx, tenantId, limit + 1, after));
    const page = toPage(found, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
    return { ...page, data: page.data.map((account) => toServiceAccount(account, this.now())) };
  }

  /** @throws AppError service_account.not_found. */
  async get({ tenantId }: Identity, id: string): Promise<ServiceAccount> {
    const account = await this.accounts.inTenant(tenantId, (tx) => this.accounts.find(tx, tenantId, id));
    if (!account) throw new AppError('service_account.not_found');
    return toServiceAccount(account, this.now());
  }

  /** @throws AppError as `ServiceAccountChanges.update`. */
  async update(caller: Identity, id: string, change: UpdateServiceAccountRequest): Promise<ServiceAccount> {
    return toServiceAccount(await this.changes.update(caller, id, change), this.now());
  }

  /** @throws AppError as `ServiceAccountChanges.remove`. */
  remove(caller: Identity, id: string): Promise<void> {
    return this.changes.remove(caller, id);
  }

  /** The secret of now works on for the overlap; one that overlaps still ends. @throws AppError as `ServiceAccountChanges.replaceSecret`. */
  async rotateSecret(
    caller: Identity,
    id: string,
    { overlap_s }: RotateSecretRequest,
  ): Promise<ServiceAccountWithSecret> {
    const secret = mintClientSecret();
    const overlapUntil = overlap_s === 0 ? null : new Date(this.clock.now() + overlap_s * 1_000);
    const account = await this.changes.replaceSecret(caller, id, secret, overlapUntil);
    return { ...toServiceAccount(account, this.now()), client_secret: secret };
  }

  private now(): Date {
    return new Date(this.clock.now());
  }
}
