import { Injectable } from '@nestjs/common';
import type { Identity } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { AccessTokens } from '../tokens/access-tokens.js';
import { demandGrantable, effective, type Subject } from './authority.js';
import { AuthorityRepository } from './authority.repository.js';

/** A role, and permissions besides it. */
export interface Grants {
  readonly role: string;
  readonly permissions: readonly string[];
}

/** What one subject may do to what another may do: nobody gives, changes or takes away what they lack themselves. */
@Injectable()
export class Granting {
  constructor(
    private readonly authority: AuthorityRepository,
    private readonly tokens: AccessTokens,
  ) {}

  /**
   * All that a subject would have by these grants. The role stays as it is until the transaction ends.
   * @throws AppError role.not_found, permission.not_grantable, grants.too_many.
   */
  async demandMayGive(tx: Transaction, caller: Identity, { role, permissions }: Grants): Promise<readonly string[]> {
    const roleGrants = await this.authority.grantsOfRole(tx, caller.tenantId, role);
    const all = effective({ role, roleGrants, ownGrants: permissions });
    demandGrantable(await this.authority.givable(tx, caller), all);
    this.tokens.demandFits({ permissions: [...all] });
    return all;
  }

  /** Before a subject is changed or removed. @throws AppError permission.not_grantable where it may do more than the caller. */
  async demandMayChange(tx: Transaction, caller: Identity, subject: Omit<Subject, 'tenantId'>): Promise<void> {
    const authority = await this.authority.find(tx, { ...subject, tenantId: caller.tenantId });
    if (authority) demandGrantable(await this.authority.givable(tx, caller), effective(authority));
  }
}
