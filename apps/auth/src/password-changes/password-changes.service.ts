import { Injectable } from '@nestjs/common';
import { AppError, type ChangePasswordRequest, type Identity } from '@parley/contracts';
import { demandOwnLogin } from '../logins/login.js';
import { demandUncommon } from '../passwords/common-passwords.js';
import { PasswordCheck } from '../passwords/password-check.js';
import { Passwords } from '../passwords/passwords.js';
import { NewPasswords } from './new-passwords.js';
import { PasswordChangesRepository } from './password-changes.repository.js';

@Injectable()
export class PasswordChangesService {
  constructor(
    private readonly changes: PasswordChangesRepository,
    private readonly check: PasswordCheck,
    private readonly passwords: Passwords,
    private readonly newPasswords: NewPasswords,
  ) {}

  /**
   * Ends all logins of the user in all tenants, but for the one that the call was made with.
   * @throws AppError login.failed, login.locked; request.invalid for a common password; request.forbidden for keys.
   */
  async change(caller: Identity, request: ChangePasswordRequest, address: string): Promise<void> {
    const keep = demandOwnLogin(caller);
    const { subject: userId } = caller;
    const email = await this.changes.ofUser(userId, (tx) => this.changes.emailOf(tx, userId));
    if (email === undefined) throw new AppError('credential.invalid');
    demandUncommon(request.new_password, { field: 'new_password', email });
    const checked = await this.check.userOf({ email, address }, request.current_password);
    const passwordHash = await this.passwords.hash(request.new_password);
    await this.changes.ofUser(userId, (tx) => this.newPasswords.replace(tx, checked, passwordHash, keep));
  }
}
