import { Injectable } from '@nestjs/common';
import { AppError, type Identity, type UpdateUserRequest, type User } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { AccessChanges } from '../access-changes/access-changes.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { KeyRevocations } from '../api-keys/key-revocations.js';
import { Granting } from '../authority/granting.js';
import { toUser, type Member } from './user.js';
import { UsersRepository } from './users.repository.js';

/** Changes and removals of members. */
@Injectable()
export class MembersService {
  constructor(
    private readonly users: UsersRepository,
    private readonly accounts: AccountsRepository,
    private readonly granting: Granting,
    private readonly keys: KeyRevocations,
    private readonly access: AccessChanges,
  ) {}

  /**
   * Tokens that are out follow within 2 s.
   * @throws AppError user.not_found, role.not_found, permission.not_grantable, owner.last, grants.too_many.
   */
  change(caller: Identity, id: string, change: UpdateUserRequest): Promise<User> {
    const { tenantId } = caller;
    return this.users.inTenant(tenantId, async (tx) => {
      const member = await this.hold(tx, caller, id);
      const { role = member.role, permissions: own = member.permissions } = change;
      const changed = { ...member, role, permissions: own };
      const permissions = await this.granting.demandMayGive(tx, caller, changed);
      if (role !== 'owner') await this.demandOwnerBesides(tx, tenantId, member);
      await this.users.change(tx, tenantId, changed);
      await this.access.permissionsChanged(tx, tenantId, id, permissions);
      return toUser(changed);
    });
  }

  /**
   * With their logins and API keys, and with their account where they are a member of no other tenant.
   * @throws AppError user.not_found, permission.not_grantable, owner.last.
   */
  remove(caller: Identity, id: string): Promise<void> {
    const { tenantId } = caller;
    return this.accounts.inTenantOf(tenantId, id, async (tx) => {
      const member = await this.hold(tx, caller, id);
      await this.demandOwnerBesides(tx, tenantId, member);
      await this.accounts.lockUser(tx, id);
      await this.keys.revokeAllOf(tx, caller, id);
      const logins = await this.users.remove(tx, tenantId, member);
      await this.users.deleteUnlessMember(tx, id);
      await this.access.loginsEnded(tx, tenantId, logins);
      await this.access.subjectRemoved(tx, tenantId, id);
    });
  }

  /** The member as they stay until the transaction ends. */
  private async hold(tx: Transaction, caller: Identity, id: string): Promise<Member> {
    await this.accounts.lockMembers(tx, caller.tenantId);
    const member = await this.users.find(tx, caller.tenantId, id);
    if (!member) throw new AppError('user.not_found');
    await this.granting.demandMayChange(tx, caller, { type: 'user', id });
    return member;
  }

  private async demandOwnerBesides(tx: Transaction, tenantId: string, { id, role }: Member): Promise<void> {
    if (role === 'owner' && !(await this.users.hasOwnerBesides(tx, tenantId, id))) throw new AppError('owner.last');
  }
}
