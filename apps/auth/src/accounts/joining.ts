import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { Clock } from '@parley/service-kit';
import { AccessChanges } from '../access-changes/access-changes.js';
import type { Newcomer } from './account.js';
import { AccountsRepository } from './accounts.repository.js';

/** As what somebody is let in. */
export interface Admission {
  readonly role: string;
  /** Besides those of the role. */
  readonly permissions: readonly string[];
  /** All of them, with the role's. */
  readonly effective: readonly string[];
  readonly needsProof: boolean;
}

export interface Joined<A extends Admission> {
  readonly userId: string;
  readonly joinedAt: Date;
  readonly admission: A;
}

/** The one way into a tenant that exists. */
@Injectable()
export class Joining {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly access: AccessChanges,
    private readonly clock: Clock,
  ) {}

  /**
   * `admit` decides in the same transaction. Undefined, and nothing changed, when the account was made or deleted since the
   * newcomer was looked up: then they are to be looked up again. @throws AppError user.exists.
   */
  join<A extends Admission>(
    tenantId: string,
    newcomer: Newcomer,
    admit: (tx: Transaction) => Promise<A>,
  ): Promise<Joined<A> | undefined> {
    const userId = newcomer.accountId ?? randomUUID();
    const joinedAt = new Date(this.clock.now());
    return this.accounts.inTenantOf(tenantId, userId, async (tx) => {
      await this.accounts.lockMembers(tx, tenantId);
      if (!(await this.hold(tx, newcomer, userId, joinedAt))) return undefined;
      const admission = await admit(tx);
      const { role, permissions, effective, needsProof } = admission;
      const membership = { tenantId, userId, role, permissions, needsProof, createdAt: joinedAt };
      if (!(await this.accounts.addMembership(tx, membership))) throw new AppError('user.exists');
      await this.access.permissionsChanged(tx, tenantId, userId, effective);
      return { userId, joinedAt, admission };
    });
  }

  private hold(tx: Transaction, newcomer: Newcomer, userId: string, createdAt: Date): Promise<boolean> {
    if (newcomer.accountId !== undefined) return this.accounts.keepUser(tx, userId);
    const { email, passwordHash } = newcomer;
    return this.accounts.addUser(tx, { userId, email, passwordHash, createdAt });
  }
}
