import { Injectable } from '@nestjs/common';
import {
  AppError,
  decodeCursor,
  storedPosition,
  toPage,
  type CreateUserRequest,
  type Identity,
  type PageQuery,
  type User,
  type UserPage,
} from '@parley/contracts';
import { Joining } from '../accounts/joining.js';
import { Newcomers } from '../accounts/newcomers.js';
import { Granting } from '../authority/granting.js';
import { toUser } from './user.js';
import { UsersRepository } from './users.repository.js';

@Injectable()
export class UsersService {
  constructor(
    private readonly users: UsersRepository,
    private readonly newcomers: Newcomers,
    private readonly joining: Joining,
    private readonly granting: Granting,
  ) {}

  /** @throws AppError cursor.invalid. */
  async list({ tenantId }: Identity, { limit, cursor }: PageQuery): Promise<UserPage> {
    const after = cursor === undefined ? undefined : decodeCursor(storedPosition, cursor);
    const members = await this.users.inTenant(tenantId, (tx) => this.users.list(tx, tenantId, limit + 1, after));
    const page = toPage(members, limit, (member) => [member.createdAt.toISOString(), member.id]);
    return { ...page, data: page.data.map(toUser) };
  }

  /** @throws AppError user.not_found, also for one who is in other tenants alone. */
  async get({ tenantId }: Identity, id: string): Promise<User> {
    const member = await this.users.inTenant(tenantId, (tx) => this.users.find(tx, tenantId, id));
    if (!member) throw new AppError('user.not_found');
    return toUser(member);
  }

  /**
   * The same work and the same answer whether the address has an account in another tenant or not. One who has it can
   * come here once they have shown that the address is theirs, by a password reset.
   * @throws AppError user.exists, role.not_found, permission.not_grantable, grants.too_many; request.invalid.
   */
  async create(caller: Identity, request: CreateUserRequest): Promise<User> {
    const { role, permissions } = request;
    const newcomer = await this.newcomers.named(request.email, request.password);
    const needsProof = newcomer.accountId !== undefined;
    const joined = await this.joining.join(caller.tenantId, newcomer, async (tx) => {
      const effective = await this.granting.demandMayGive(tx, caller, request);
      return { role, permissions, effective, needsProof };
    });
    if (!joined) return this.create(caller, request);
    const { userId: id, joinedAt: createdAt } = joined;
    return toUser({ id, email: newcomer.email, role, permissions, createdAt, lastLoginAt: null });
  }
}
