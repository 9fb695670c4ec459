import { Injectable } from '@nestjs/common';
import { AppError, type Identity } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { isBounded } from '../api-keys/api-key-bounds.js';
import { CallersKeys } from '../api-keys/callers-keys.js';
import { AccessTokens } from '../tokens/access-tokens.js';
import { demandGrantable, effective, type Subject } from './authority.js';
import { AuthorityRepository } from './authority.repository.js';

const boundedKey =
  'A key with an expiry, or bound to addresses, models, tokens per minute or concurrent streams, gives no grants but to keys';

/** A role, and permissions besides it. */
export interface Grants {
  readonly role: string;
  readonly permissions: readonly string[];
}

/**
 * Who may give, change or take away what somebody may do: nobody what they lack themselves, and nothing that lasts by a
 * credential whose own bounds it would outlive.
 */
@Injectable()
export class Granting {
  constructor(
    private readonly authority: AuthorityRepository,
    private readonly keys: CallersKeys,
    private readonly tokens: AccessTokens,
  ) {}

  /**
   * All that a subject would have by these grants. The role stays as it is until the transaction ends.
   * @throws AppError role.not_found, grants.too_many; as `demandMayHandle`.
   */
  async demandMayGive(tx: Transaction, caller: Identity, { role, permissions }: Grants): Promise<readonly string[]> {
    const roleGrants = await this.authority.grantsOfRole(tx, caller.tenantId, role);
    const all = [...effective({ role, roleGrants, ownGrants: permissions })];
    await this.demandMayHandle(tx, caller, all);
    this.tokens.demandFits({ permissions: all });
    return all;
  }

  /** Before a subject is changed or removed. @throws AppError as `demandMayHandle`, where it may do more than the caller too. */
  async demandMayChange(tx: Transaction, caller: Identity, subject: Omit<Subject, 'tenantId'>): Promise<void> {
    const authority = await this.authority.find(tx, { ...subject, tenantId: caller.tenantId });
    await this.demandMayHandle(tx, caller, authority ? effective(authority) : []);
  }

  /**
   * Before anything is made, changed or removed that gives these grants.
   * @throws AppError permission.not_grantable for what the caller lacks; request.forbidden for one who acts for another;
   *   api_key.not_grantable for a key with bounds, credential.revoked or .expired for one that has ended.
   */
  async demandMayHandle(tx: Transaction, caller: Identity, grants: Iterable<string>): Promise<void> {
    if (caller.actors.length > 0)
      throw new AppError('request.forbidden', { detail: 'A delegated token gives no grants' });
    await this.demandUnbounded(tx, caller);
    demandGrantable(await this.authority.givable(tx, caller), grants);
  }

  /** A user, service account, role or secret has none of the bounds of the key that makes it. */
  private async demandUnbounded(tx: Transaction, caller: Identity): Promise<void> {
    const key = await this.keys.find(tx, caller);
    if (key && isBounded(key)) throw new AppError('api_key.not_grantable', { detail: boundedKey });
  }
}
