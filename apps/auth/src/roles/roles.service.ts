import { Injectable } from '@nestjs/common';
import {
  AppError,
  isBuiltInRole,
  maxRoles,
  type CreateRoleRequest,
  type Identity,
  type Role,
  type RoleList,
  type UpdateRoleRequest,
} from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { Clock } from '@parley/service-kit';
import { grantsOf } from '../authority/authority.js';
import { Granting } from '../authority/granting.js';
import { AccessTokens } from '../tokens/access-tokens.js';
import { allBuiltInRoles, builtInRole, changed, toRole, type StoredRole } from './role.js';
import { RoleHolders } from './role-holders.js';
import { RolesRepository } from './roles.repository.js';

/** The roles of a tenant. Nobody makes, changes or deletes one that gives what they lack themselves. */
@Injectable()
export class RolesService {
  constructor(
    private readonly roles: RolesRepository,
    private readonly holders: RoleHolders,
    private readonly granting: Granting,
    private readonly tokens: AccessTokens,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError role.exists, role.too_many, grants.too_many; as `Granting.demandMayHandle`. */
  create(caller: Identity, { name, description, inherits, permissions }: CreateRoleRequest): Promise<Role> {
    if (isBuiltInRole(name)) throw new AppError('role.exists');
    const role: StoredRole = { name, description, inherits, permissions: [...new Set(permissions)] };
    return this.roles.inTenant(caller.tenantId, async (tx) => {
      await this.demandMay(tx, caller, role);
      this.tokens.demandFits({ permissions: [...grantsOf(role)] });
      if ((await this.roles.lockCount(tx, caller.tenantId)) >= maxRoles) throw new AppError('role.too_many');
      if (!(await this.roles.add(tx, caller.tenantId, role, new Date(this.clock.now()))))
        throw new AppError('role.exists');
      return toRole(role);
    });
  }

  async list({ tenantId }: Identity): Promise<RoleList> {
    const own = await this.roles.inTenant(tenantId, (tx) => this.roles.list(tx, tenantId));
    return { data: [...allBuiltInRoles(), ...own.map(toRole)] };
  }

  /** @throws AppError role.not_found. */
  async get({ tenantId }: Identity, name: string): Promise<Role> {
    const builtIn = builtInRole(name);
    if (builtIn) return builtIn;
    const role = await this.roles.inTenant(tenantId, (tx) => this.roles.find(tx, tenantId, name));
    if (!role) throw new AppError('role.not_found');
    return toRole(role);
  }

  /** Who has the role may do more or less from the commit on. @throws AppError as `create`; role.not_found, role.built_in. */
  update(caller: Identity, name: string, change: UpdateRoleRequest): Promise<Role> {
    const { tenantId } = caller;
    return this.roles.inTenant(tenantId, async (tx) => {
      const before = await this.lock(tx, tenantId, name);
      const after = changed(before, change);
      await this.demandMay(tx, caller, before, after);
      await this.roles.update(tx, tenantId, after);
      if (change.inherits !== undefined || change.permissions !== undefined)
        await this.holders.announce(tx, { tenantId, name, grants: grantsOf(after) });
      return toRole(after);
    });
  }

  /** @throws AppError role.not_found, role.built_in, role.in_use; as `Granting.demandMayHandle`. */
  delete(caller: Identity, name: string): Promise<void> {
    const { tenantId } = caller;
    return this.roles.inTenant(tenantId, async (tx) => {
      await this.demandMay(tx, caller, await this.lock(tx, tenantId, name));
      await this.holders.demandNone(tx, tenantId, name);
      await this.roles.delete(tx, tenantId, name);
    });
  }

  private async lock(tx: Transaction, tenantId: string, name: string): Promise<StoredRole> {
    if (isBuiltInRole(name)) throw new AppError('role.built_in');
    const role = await this.roles.lock(tx, tenantId, name);
    if (!role) throw new AppError('role.not_found');
    return role;
  }

  private demandMay(tx: Transaction, caller: Identity, ...roles: readonly StoredRole[]): Promise<void> {
    return this.granting.demandMayHandle(tx, caller, [...new Set(roles.flatMap(grantsOf))]);
  }
}
