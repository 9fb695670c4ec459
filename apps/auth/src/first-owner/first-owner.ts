import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { allPermissions } from '@parley/contracts';
import { Log } from '@parley/service-kit';
import { AccountsService } from '../accounts/accounts.service.js';
import { ApiKeysService } from '../api-keys/api-keys.service.js';
import { FirstOwnerOptions } from './first-owner.options.js';

/**
 * Makes the first tenant, its owner and a key for them before the service listens. What exists is left as it is, so
 * instances may start at the same time and again with other values; only the key gets the permissions that a new
 * release brings, and the owner, as long as they are one, those over the platform.
 */
@Injectable()
export class FirstOwner implements OnApplicationBootstrap {
  constructor(
    private readonly options: FirstOwnerOptions,
    private readonly accounts: AccountsService,
    private readonly keys: ApiKeysService,
    private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { owner } = this.options;
    if (!owner) return;
    const existing = await this.accounts.findMembership(owner.email);
    if (!existing && (await this.accounts.createTenant(owner))) this.log.info('made the first tenant and its owner');
    const membership = existing ?? (await this.accounts.findMembership(owner.email));
    if (membership?.role === 'owner') await this.accounts.givePlatform(membership);
    if (membership) await this.ensureKey(membership.tenantId, membership.userId);
  }

  private async ensureKey(tenantId: string, createdBy: string): Promise<void> {
    const { apiKey, requestsPerMinute } = this.options;
    if (!apiKey) return;
    const draft = { tenantId, createdBy, requestsPerMinute, name: 'First key', permissions: allPermissions };
    const stored = await this.keys.store(apiKey, { ...draft, expiresAt: null });
    if (stored) this.log.info({ apiKeyId: stored.id }, 'stored the first API key');
    else await this.keys.regrant(tenantId, apiKey, allPermissions);
  }
}
