import { Injectable } from '@nestjs/common';
import { AppError } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { Clock } from '@parley/service-kit';
import { AccessChanges } from '../access-changes/access-changes.js';
import { effective } from '../authority/authority.js';
import { AccessTokens } from '../tokens/access-tokens.js';
import { holderKinds, RoleHoldersRepository, type HolderKind, type RoleHolder } from './role-holders.repository.js';

/** Holders that are read and told of together. */
const pageSize = 500;

/** A role that is locked, and all that it gives now. */
export interface GivenRole {
  readonly tenantId: string;
  readonly name: string;
  readonly grants: readonly string[];
}

/** Those who have a role: members, service accounts, keys, and whoever is invited to it. */
@Injectable()
export class RoleHolders {
  constructor(
    private readonly repository: RoleHoldersRepository,
    private readonly access: AccessChanges,
    private readonly tokens: AccessTokens,
    private readonly clock: Clock,
  ) {}

  /** Of a role that is locked, so that nobody gets it meanwhile. @throws AppError role.in_use that says by what. */
  async demandNone(tx: Transaction, tenantId: string, name: string): Promise<void> {
    const uses = await this.repository.usedBy(tx, tenantId, name, new Date(this.clock.now()));
    if (uses.length > 0) throw new AppError('role.in_use', { detail: `There are ${uses.join(', ')} with this role` });
  }

  /**
   * Tells everybody who has the role what they may do now, in the transaction that changes it.
   * @throws AppError grants.too_many when a token could not say all that a holder would have.
   */
  async announce(tx: Transaction, role: GivenRole): Promise<void> {
    this.tokens.demandFits({ permissions: [...role.grants] });
    for (const kind of holderKinds) {
      for await (const holders of this.pages(tx, kind, role)) {
        const permissions = new Map(holders.map((holder) => [holder.id, this.permissionsOf(holder, role)]));
        await this.access.permissionsOfManyChanged(tx, role.tenantId, permissions);
      }
    }
  }

  private async *pages(tx: Transaction, kind: HolderKind, role: GivenRole): AsyncGenerator<RoleHolder[]> {
    let page = await this.repository.page(tx, kind, role, pageSize);
    while (page.length > 0) {
      yield page;
      page = page.length < pageSize ? [] : await this.repository.page(tx, kind, role, pageSize, page.at(-1)?.id);
    }
  }

  private permissionsOf({ ownGrants, models }: RoleHolder, { name, grants }: GivenRole): readonly string[] {
    const permissions = [...effective({ role: name, roleGrants: grants, ownGrants })];
    this.tokens.demandFits({ permissions, ...(models && { models: [...models] }) });
    return permissions;
  }
}
