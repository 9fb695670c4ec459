import { Injectable } from '@nestjs/common';
import { AppError } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { Clock } from '@parley/service-kit';
import { LoginEnds } from '../logins/login-ends.js';
import type { CheckedUser } from '../passwords/password-check.js';
import { PasswordChangesRepository } from './password-changes.repository.js';

/** Puts another password in the place of one that was shown. */
@Injectable()
export class NewPasswords {
  constructor(
    private readonly changes: PasswordChangesRepository,
    private readonly ends: LoginEnds,
    private readonly clock: Clock,
  ) {}

  /**
   * In a transaction of the user, which is in another tenant afterwards: ends all their logins in all tenants, but for
   * `keep`. @throws AppError login.failed where the password that was shown has been changed meanwhile.
   */
  async replace(tx: Transaction, shown: CheckedUser, passwordHash: string, keep?: string): Promise<void> {
    const to = { passwordHash, at: new Date(this.clock.now()) };
    if (!(await this.changes.change(tx, shown, to))) throw new AppError('login.failed');
    await this.ends.endEverywhere(tx, { userId: shown.userId, keep }, 'password');
  }
}
