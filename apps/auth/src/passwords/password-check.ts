import { Injectable } from '@nestjs/common';
import { AppError } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { Log } from '@parley/service-kit';
import { normalizeEmail } from '../accounts/account.js';
import { Lockouts, type Guess } from './lockouts.js';
import { Passwords } from './passwords.js';
import { PasswordsRepository, type StoredPassword } from './passwords.repository.js';

/** Whose password was right, and since when they have it. */
export type CheckedUser = Omit<StoredPassword, 'passwordHash'>;

/** Whether a password is the account's, for whoever gives it. */
@Injectable()
export class PasswordCheck {
  constructor(
    private readonly repository: PasswordsRepository,
    private readonly passwords: Passwords,
    private readonly lockouts: Lockouts,
    private readonly log: Log,
  ) {}

  /**
   * Answers whose it is. A right one whose hash is weaker than one made today is hashed anew.
   * @throws AppError login.failed, after the same work, whether the address or the password was wrong; login.locked.
   */
  async userOf({ email, address }: Guess, password: string): Promise<CheckedUser> {
    const stored = await this.repository.find(normalizeEmail(email));
    const right = await this.lockouts.guard({ email, address }, async () =>
      (await this.passwords.matches(password, stored?.passwordHash)) ? stored : undefined,
    );
    if (!right) throw new AppError('login.failed');
    if (this.passwords.isOutdated(right.passwordHash)) await this.strengthen(right, password);
    return { userId: right.userId, changedAt: right.changedAt };
  }

  /** In a transaction of the user: whether the password that was checked is still theirs, and then stays it until that ends. */
  isCurrent(tx: Transaction, checked: CheckedUser): Promise<boolean> {
    return this.repository.isCurrent(tx, checked);
  }

  /** A login does not fail because of it: the next one tries again. */
  private async strengthen(stored: StoredPassword, password: string): Promise<void> {
    try {
      await this.repository.rehash(stored, await this.passwords.hash(password));
    } catch (err) {
      this.log.warn({ err }, 'a password was not hashed anew');
    }
  }
}
