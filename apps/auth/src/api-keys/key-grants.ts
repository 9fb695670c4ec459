import { Injectable } from '@nestjs/common';
import { AppError, within, type CreateApiKeyRequest, type Identity } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { demandGrantable, effective, type Subject } from '../authority/authority.js';
import { AuthorityRepository } from '../authority/authority.repository.js';
import { AccessTokens } from '../tokens/access-tokens.js';
import { ownerOf, type StoredApiKey } from './api-key.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { CallersKeys, type CallersKey } from './callers-keys.js';

/** Whose a new key is, and what it may do. */
export type GrantedKey = Pick<StoredApiKey, 'serviceAccountId' | 'role' | 'permissions'>;

/** What a key says by itself, before its owner bounds it. */
export interface StatedGrants extends Pick<StoredApiKey, 'name' | 'role'> {
  readonly grants: readonly string[];
}

type Asked = Pick<CreateApiKeyRequest, 'role' | 'permissions' | 'service_account_id'>;

/** What keys may do: never more than their maker at the time, nor than their owner at any time. */
@Injectable()
export class KeyGrants {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly callers: CallersKeys,
    private readonly authority: AuthorityRepository,
    private readonly tokens: AccessTokens,
  ) {}

  /** What is in a token of the key; undefined where its owner is no longer of the tenant. */
  async now(tx: Transaction, key: StoredApiKey): Promise<readonly string[] | undefined> {
    const [owner, grants] = await Promise.all([this.authority.find(tx, ownerOf(key)), this.keys.grantsOf(tx, key)]);
    return owner && within(grants, effective(owner));
  }

  /** Undefined where the tenant has no such key. */
  async stated(tx: Transaction, tenantId: string, id: string): Promise<StatedGrants | undefined> {
    const key = await this.keys.find(tx, tenantId, id);
    return key && { name: key.name, role: key.role, grants: await this.keys.grantsOf(tx, key) };
  }

  /**
   * The key that the caller is, if it is one, held so that what it makes ends with it.
   * @throws AppError credential.revoked or .expired where it is no longer good; request.forbidden for one who acts for
   *   another, and would keep a key when the delegation has ended.
   */
  async giverOf(tx: Transaction, caller: Identity): Promise<CallersKey | undefined> {
    if (caller.actors.length > 0)
      throw new AppError('request.forbidden', { detail: 'A delegated token gets no API keys' });
    return this.callers.hold(tx, caller);
  }

  /**
   * Without a role or permissions of its own, a key has its maker's, as far as its owner has them too.
   * @throws AppError permission.not_grantable, role.not_found, service_account.not_found, grants.too_many; request.forbidden
   *   for a key in the name of a service account without `service_accounts:write`.
   */
  async forNew(tx: Transaction, caller: Identity, asked: Asked, models: readonly string[] | null): Promise<GrantedKey> {
    const { tenantId } = caller;
    const serviceAccountId = accountFor(caller, asked);
    const ofRole = asked.role === undefined ? undefined : await this.authority.grantsOfRole(tx, tenantId, asked.role);
    const [givable, ofOwner] = await Promise.all([
      this.authority.givable(tx, caller),
      serviceAccountId === null ? undefined : this.ofServiceAccount(tx, tenantId, serviceAccountId),
    ]);
    const grants = ofRole ?? asked.permissions ?? within(givable, ofOwner ?? givable);
    demandGrantable(givable, grants);
    if (ofOwner) demandOwned(ofOwner, grants);
    this.tokens.demandFits({ permissions: [...grants], ...(models && { models: [...models] }) });
    return { serviceAccountId, role: asked.role ?? null, permissions: ofRole ? [] : [...new Set(grants)] };
  }

  /** Before a key is renewed or revoked. @throws AppError permission.not_grantable where it may do more than the caller. */
  async demandMayChange(tx: Transaction, caller: Identity, key: StoredApiKey): Promise<void> {
    const grants = await this.now(tx, key);
    if (grants) demandGrantable(await this.authority.givable(tx, caller), grants);
  }

  private async ofServiceAccount(tx: Transaction, tenantId: string, id: string): Promise<ReadonlySet<string>> {
    const subject: Subject = { tenantId, type: 'service_account', id };
    const authority = await this.authority.find(tx, subject);
    if (!authority) throw new AppError('service_account.not_found');
    return effective(authority);
  }
}

/** The service account that the key is to be of. A service account needs no permission for keys of its own. */
function accountFor(caller: Identity, { service_account_id: wanted }: Asked): string | null {
  const own = caller.subjectType === 'service_account' ? caller.subject : null;
  if (wanted === undefined || wanted === own) return own;
  demandServiceAccounts(caller);
  return wanted;
}

/** @throws AppError request.forbidden. */
export function demandServiceAccounts({ permissions }: Identity): void {
  if (permissions.has('service_accounts:write')) return;
  throw new AppError('request.forbidden', { detail: 'This needs the permission service_accounts:write' });
}

function demandOwned(ofOwner: ReadonlySet<string>, grants: readonly string[]): void {
  const owned = new Set(within(grants, ofOwner));
  const lacking = grants.filter((grant) => !owned.has(grant));
  if (lacking.length > 0)
    throw new AppError('permission.not_grantable', { detail: `The service account lacks ${lacking.join(', ')}` });
}
