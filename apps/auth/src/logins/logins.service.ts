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
    return this.accounts.inUser(userId, async (tx) => {
      const membership = await this.accounts.findMembership(tx, userId, tenant_id);
      if (!membership) throw new AppError('login.failed');
      const { tenantId } = membership;
      const login = { id: randomUUID(), tenantId, userId };
      const now = new Date(this.clock.now());
      // Sent together, and undone together.
      const [, current, member, , pair] = await Promise.all([
        this.accounts.enterTenant(tx, tenantId),
        this.passwords.isCurrent(tx, checked),
        this.accounts.markLogin(tx, login, now),
        this.logins.start(tx, login, origin, now),
        this.pairs.issue(tx, login, mintRefreshToken()),
      ]);
      // A change of the password ends all logins: those that are in the middle of beginning, too.
      if (!current || !member) throw new AppError('login.failed');
      return pair;
    });
  }
}
