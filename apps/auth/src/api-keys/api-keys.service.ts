import { hash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  apiKeyCreated,
  AppError,
  decodeCursor,
  storedPosition,
  toPage,
  type ApiKeyPage,
  type CreateApiKeyRequest,
  type CreatedApiKey,
  type Identity,
  type PageQuery,
} from '@parley/contracts';
import { mintApiKey } from '@parley/identity';
import { Outbox } from '@parley/messaging';
import type { Transaction } from '@parley/persistence';
import { Clock } from '@parley/service-kit';
import { boundsOf } from './api-key-bounds.js';
import { prefixOf, toApiKey, type StoredApiKey } from './api-key.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { KeyGrants } from './key-grants.js';
import { KeyRevocations } from './key-revocations.js';

/** What a key is made with; what is left out bounds nothing. */
export type NewApiKey = Pick<
  StoredApiKey,
  'tenantId' | 'name' | 'permissions' | 'requestsPerMinute' | 'createdBy' | 'expiresAt'
> &
  Partial<Omit<StoredApiKey, 'id' | 'prefix' | 'createdAt' | 'lastUsedAt' | 'revokedAt' | 'previousKeyExpiresAt'>>;

/** What most keys do not have. */
const without = {
  serviceAccountId: null,
  parentKeyId: null,
  role: null,
  tokensPerMinute: null,
  concurrentStreams: null,
  models: null,
  allowedAddresses: null,
  lastUsedAt: null,
  revokedAt: null,
  previousKeyExpiresAt: null,
} as const satisfies Partial<StoredApiKey>;

@Injectable()
export class ApiKeysService {
  constructor(
    private readonly repository: ApiKeysRepository,
    private readonly grants: KeyGrants,
    private readonly revocations: KeyRevocations,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * The answer is the only place where the key is ever seen. @throws AppError permission.not_grantable,
   * api_key.not_grantable, and what `KeyGrants.giverOf` and `.forNew` do.
   */
  async create(caller: Identity, request: CreateApiKeyRequest): Promise<CreatedApiKey> {
    const { tenantId, subject: createdBy } = caller;
    const key = mintApiKey();
    const stored = await this.repository.inTenant(tenantId, async (tx) => {
      const giver = await this.grants.giverOf(tx, caller);
      const bounds = boundsOf(request, giver, this.clock.now());
      const granted = await this.grants.forNew(tx, caller, request, bounds.models);
      const made = { tenantId, name: request.name, createdBy, parentKeyId: giver?.id ?? null };
      return this.add(tx, key, { ...made, ...granted, ...bounds });
    });
    if (!stored) throw new Error('A key was minted twice');
    return { ...toApiKey(stored), key };
  }

  /** Stores a key and tells of it, in one transaction; undefined, and nothing changed, when the very same key exists. */
  store(key: string, draft: NewApiKey): Promise<StoredApiKey | undefined> {
    return this.repository.inTenant(draft.tenantId, (tx) => this.add(tx, key, draft));
  }

  /** Gives a key that exists these permissions in place of those that it has. */
  regrant(tenantId: string, key: string, permissions: readonly string[]): Promise<void> {
    return this.repository.inTenant(tenantId, (tx) =>
      this.repository.regrant(tx, tenantId, hash('sha256', key), permissions),
    );
  }

  /** @throws AppError cursor.invalid. */
  async list({ tenantId }: Identity, { limit, cursor }: PageQuery): Promise<ApiKeyPage> {
    const after = cursor === undefined ? undefined : decodeCursor(storedPosition, cursor);
    const keys = await this.repository.inTenant(tenantId, (tx) => this.repository.list(tx, tenantId, limit + 1, after));
    const page = toPage(keys, limit, (key) => [key.createdAt.toISOString(), key.id]);
    return { ...page, data: page.data.map(toApiKey) };
  }

  /**
   * With the keys that were made with it. Revoking a revoked key changes nothing.
   * @throws AppError api_key.not_found, also for another tenant's key; permission.not_grantable where it may do more than
   *   the caller.
   */
  revoke(caller: Identity, id: string): Promise<void> {
    return this.repository.inTenant(caller.tenantId, async (tx) => {
      const key = await this.repository.lock(tx, caller.tenantId, id);
      if (!key) throw new AppError('api_key.not_found');
      if (key.revokedAt) return;
      await this.grants.demandMayChange(tx, caller, key);
      await this.revocations.revoke(tx, caller, id);
    });
  }

  private async add(tx: Transaction, key: string, draft: NewApiKey): Promise<StoredApiKey | undefined> {
    const createdAt = new Date(this.clock.now());
    const drafted = { ...without, ...draft, id: randomUUID(), prefix: prefixOf(key), createdAt };
    const stored = await this.repository.add(tx, drafted, hash('sha256', key));
    if (!stored) return undefined;
    const { id, name, createdBy } = stored;
    await this.outbox.add(tx, apiKeyCreated, draft.tenantId, { api_key_id: id, name, created_by: createdBy });
    return stored;
  }
}
