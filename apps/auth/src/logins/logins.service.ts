import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, type LoginRequest, type TokenResponse } from '@parley/contracts';
import { Clock } from '@parley/service-kit';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { PasswordCheck } from '../passwords/password-check.js';
import type { LoginOrigin } from './login.js';
import { LoginsRepository } from './logins.repository.js';
import { mintRefreshToken } from './refresh-tokens.js';
import { TokenPairs } from './token-pairs.js';

@Injectable()
export class LoginsService {
  constructor(
    private readonly passwords: PasswordCheck,
    private readonly accounts: AccountsRepository,
    private readonly logins: LoginsRepository,
    private readonly pairs: TokenPairs,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError login.failed, for a tenant that is not the user's too; login.locked. */
  async login({ email, password, tenant_id }: LoginRequest, origin: LoginOrigin): Promise<TokenResponse> {
    const checked = await this.passwords.userOf({ email, address: origin.address }, password);
    const { userId } = checked;
    const membership = await this.accounts.findMembership(userId, tenant_id);
    if (!membership) throw new AppError('login.failed');
    const { tenantId } = membership;
    const login = { id: randomUUID(), tenantId, userId };
    return this.accounts.inTenantOf(tenantId, userId, async (tx) => {
      // A change of the password ends all logins: those that are in the middle of beginning, too.
      if (!(await this.passwords.isCurrent(tx, checked))) throw new AppError('login.failed');
      const now = new Date(this.clock.now());
      if (!(await this.accounts.markLogin(tx, login, now))) throw new AppError('login.failed');
      await this.logins.start(tx, login, origin, now);
      return this.pairs.issue(tx, login, mintRefreshToken());
    });
  }
}
