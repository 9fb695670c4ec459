import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, platformPermissions, type Identity, type Me } from '@parley/contracts';
import { Clock } from '@parley/service-kit';
import { Passwords } from '../passwords/passwords.js';
import { normalizeEmail, type Membership } from './account.js';
import { AccountsRepository } from './accounts.repository.js';

export interface TenantRequest {
  readonly tenantName: string;
  readonly email: string;
  readonly password: string;
}

@Injectable()
export class AccountsService {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly passwords: Passwords,
    private readonly clock: Clock,
  ) {}

  /** What the caller's credential amounts to. @throws AppError credential.invalid when its subject is no longer of the tenant. */
  async me({ tenantId, subject, subjectType, actors, permissions, keyId }: Identity): Promise<Me> {
    const account = await (subjectType === 'user'
      ? this.accounts.findUser(tenantId, subject)
      : this.accounts.findServiceAccount(tenantId, subject));
    if (!account) throw new AppError('credential.invalid');
    return {
      id: subject,
      tenant_id: tenantId,
      email: account.email,
      tenant_name: account.tenantName,
      role: account.role,
      permissions: [...permissions],
      subject_type: subjectType,
      actors: [...actors],
      api_key_id: keyId ?? null,
    };
  }

  async findMembership(email: string): Promise<Membership | undefined> {
    const userId = await this.accounts.findUserId(normalizeEmail(email));
    if (userId === undefined) return undefined;
    return this.accounts.inUser(userId, (tx) => this.accounts.findMembership(tx, userId));
  }

  /** The permissions over what all tenants share, for who answers for the platform. */
  givePlatform(membership: Membership): Promise<void> {
    return this.accounts.giveBesides(membership, platformPermissions);
  }

  /** A new tenant with its owner; false, and nothing changed, when the address has an account. */
  async createTenant({ tenantName, email, password }: TenantRequest): Promise<boolean> {
    return this.accounts.createTenant({
      tenantId: randomUUID(),
      tenantName,
      userId: randomUUID(),
      email: normalizeEmail(email),
      passwordHash: await this.passwords.hash(password),
      createdAt: new Date(this.clock.now()),
    });
  }
}
