import { Injectable } from '@nestjs/common';
import { AppError, type LoginRequest } from '@parley/contracts';
import { normalizeEmail, type Membership } from '../accounts/account.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { Passwords } from '../accounts/passwords.js';
import { LoginLimits } from './login-limits.js';

/** Whether a password is the account's. */
@Injectable()
export class PasswordCheck {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly passwords: Passwords,
    private readonly limits: LoginLimits,
  ) {}

  /**
   * @throws AppError login.failed, after the same work, whether the address or the password was wrong;
   * request.rate_limited for an account that had too many wrong ones, right or not.
   */
  async memberOf({ email, password }: LoginRequest): Promise<Membership> {
    const address = normalizeEmail(email);
    const attempt = await this.limits.passwordOf(address);
    const stored = await this.accounts.findPassword(address);
    const matches = await this.passwords.matches(password, stored?.passwordHash);
    const membership = stored && matches ? await this.accounts.findMembership(stored.userId) : undefined;
    if (!membership) throw new AppError('login.failed');
    await attempt.wasRight();
    return membership;
  }
}
