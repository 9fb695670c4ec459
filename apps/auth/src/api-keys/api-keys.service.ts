import { hash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  apiKeyCreated,
  apiKeyRevoked,
  AppError,
  decodeCursor,
  storedTimestamp,
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
import { z } from 'zod';
import { AccessChanges } from '../access-changes/access-changes.js';
import { TokenLifetimes } from '../tokens/token-lifetimes.js';
import { boundsOf } from './api-key-bounds.js';
import { judge, prefixOf, toApiKey, type StoredApiKey } from './api-key.js';
import { ApiKeysRepository } from './api-keys.repository.js';

/** Covers the tolerance for clocks, and an exchange that read the key just before it was revoked. */
const revocationSlackMs = 30_000;

const position = z.tuple([storedTimestamp, z.uuid()]);

export type NewApiKey = Omit<StoredApiKey, 'id' | 'prefix' | 'createdAt' | 'revokedAt'>;

@Injectable()
export class ApiKeysService {
  constructor(
    private readonly repository: ApiKeysRepository,
    private readonly outbox: Outbox,
    private readonly access: AccessChanges,
    private readonly lifetimes: TokenLifetimes,
    private readonly clock: Clock,
  ) {}

  /**
   * The answer is the only place where the key is ever seen. @throws AppError permission.not_grantable,
   * api_key.not_grantable; credential.revoked or credential.expired where the key that makes it is no longer good.
   */
  async create(caller: Identity, request: CreateApiKeyRequest): Promise<CreatedApiKey> {
    const { tenantId, subject: createdBy } = caller;
    const permissions = grantable(caller, request.permissions);
    const key = mintApiKey();
    const stored = await this.repository.inTenant(tenantId, async (tx) => {
      const bounds = boundsOf(request, await this.makerOf(tx, caller), this.clock.now());
      return this.add(tx, key, { tenantId, name: request.name, permissions, createdBy, ...bounds });
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
    const after = cursor === undefined ? undefined : decodeCursor(position, cursor);
    const keys = await this.repository.inTenant(tenantId, (tx) => this.repository.list(tx, tenantId, limit + 1, after));
    const page = toPage(keys, limit, (key) => [key.createdAt.toISOString(), key.id]);
    return { ...page, data: page.data.map(toApiKey) };
  }

  /**
   * Revoking a revoked key changes nothing. This instance refuses the key's tokens from the commit on, the others within
   * 2 s. @throws AppError api_key.not_found, also for another tenant's key.
   */
  revoke({ tenantId, subject }: Identity, id: string): Promise<void> {
    return this.repository.inTenant(tenantId, async (tx) => {
      const key = await this.repository.lock(tx, tenantId, id);
      if (!key) throw new AppError('api_key.not_found');
      if (key.revokedAt) return;
      const now = this.clock.now();
      const tokensExpireAt = new Date(now + this.lifetimes.apiKeyTokenS * 1_000 + revocationSlackMs);
      await this.repository.revoke(tx, tenantId, id, new Date(now));
      await this.outbox.add(tx, apiKeyRevoked, tenantId, {
        api_key_id: id,
        revoked_by: subject,
        tokens_expire_at: tokensExpireAt.toISOString(),
      });
      await this.access.keysRevoked(tx, tenantId, [id]);
    });
  }

  private async add(tx: Transaction, key: string, draft: NewApiKey): Promise<StoredApiKey | undefined> {
    const createdAt = new Date(this.clock.now());
    const stored = { ...draft, id: randomUUID(), prefix: prefixOf(key), createdAt, revokedAt: null };
    if (!(await this.repository.add(tx, stored, hash('sha256', key)))) return undefined;
    const { id, name, createdBy } = stored;
    await this.outbox.add(tx, apiKeyCreated, draft.tenantId, { api_key_id: id, name, created_by: createdBy });
    return stored;
  }

  /**
   * The key that the caller is, if it is one. Its row is looked at, since an instance that was not there when the key
   * was revoked still takes its tokens.
   */
  private async makerOf(tx: Transaction, { tenantId, keyId }: Identity): Promise<StoredApiKey | undefined> {
    if (keyId === undefined) return undefined;
    const maker = await this.repository.hold(tx, tenantId, keyId);
    if (!maker) throw new AppError('credential.revoked');
    const verdict = judge(maker, new Date(this.clock.now()));
    if (verdict !== 'good') throw new AppError(`credential.${verdict}`);
    return maker;
  }
}

/** The permissions asked for, or all of the caller's: nobody grants what they lack. */
function grantable(caller: Identity, requested: readonly string[] | undefined): readonly string[] {
  if (!requested) return [...caller.permissions];
  const lacking = requested.filter((wanted) => !mayGrant(caller.permissions, wanted));
  if (lacking.length > 0) throw new AppError('permission.not_grantable', { detail: `You lack ${lacking.join(', ')}` });
  return [...new Set(requested)];
}

const mayGrant = (held: ReadonlySet<string>, wanted: string): boolean =>
  held.has(wanted) || held.has(wanted.split(':', 2).join(':'));
