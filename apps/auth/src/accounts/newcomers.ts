import { Injectable } from '@nestjs/common';
import { demandUncommon } from '../passwords/common-passwords.js';
import { PasswordCheck } from '../passwords/password-check.js';
import { Passwords } from '../passwords/passwords.js';
import { normalizeEmail, type Newcomer, type PresentNewcomer } from './account.js';
import { AccountsRepository } from './accounts.repository.js';

/** Who comes into a tenant: somebody who has an account, or somebody who gets one. */
@Injectable()
export class Newcomers {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly checks: PasswordCheck,
    private readonly passwords: Passwords,
  ) {}

  /**
   * Somebody at the client's address who gives a password: their account's, or one for a new account.
   * @throws AppError login.failed, login.locked; request.invalid for a common one.
   */
  async present(email: string, password: string, address: string): Promise<PresentNewcomer> {
    if ((await this.accounts.findUserId(email)) !== undefined) {
      const checked = await this.checks.userOf({ email, address }, password);
      return { email, accountId: checked.userId, checked };
    }
    demandUncommon(password, { field: 'password', email });
    return { email, passwordHash: await this.passwords.hash(password) };
  }

  /**
   * Somebody who is not there, with a password for the case that they have no account. The work is the same in both.
   * @throws AppError request.invalid for a common one.
   */
  async named(address: string, password: string): Promise<Newcomer> {
    const email = normalizeEmail(address);
    demandUncommon(password, { field: 'password', email });
    const passwordHash = await this.passwords.hash(password);
    const accountId = await this.accounts.findUserId(email);
    return accountId === undefined ? { email, passwordHash } : { email, accountId };
  }
}
