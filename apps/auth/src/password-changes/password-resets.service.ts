import { Injectable } from '@nestjs/common';
import { AppError, type ResetPasswordRequest } from '@parley/contracts';
import { Clock } from '@parley/service-kit';
import { LoginEnds } from '../logins/login-ends.js';
import { demandUncommon } from '../passwords/common-passwords.js';
import { Lockouts } from '../passwords/lockouts.js';
import { Passwords } from '../passwords/passwords.js';
import { PasswordChangesRepository } from './password-changes.repository.js';
import { digestOf, isGood } from './password-reset.js';

@Injectable()
export class PasswordResetsService {
  constructor(
    private readonly changes: PasswordChangesRepository,
    private readonly passwords: Passwords,
    private readonly ends: LoginEnds,
    private readonly lockouts: Lockouts,
    private readonly clock: Clock,
  ) {}

  /**
   * Ends all logins of the user in all tenants, and lets the account's next password be tried at once.
   * @throws AppError one_time_token.invalid; request.invalid for a common password, and the token stays good.
   */
  async confirm({ token, new_password: password }: ResetPasswordRequest): Promise<void> {
    const tokenHash = digestOf(token);
    const reset = await this.changes.findReset(tokenHash);
    if (!reset || !isGood(reset, this.now())) throw new AppError('one_time_token.invalid');
    const { userId } = reset;
    const email = await this.changes.ofUser(userId, (tx) => this.changes.emailOf(tx, userId));
    demandUncommon(password, { field: 'new_password', ...(email !== undefined && { email }) });
    const passwordHash = await this.passwords.hash(password);
    await this.changes.ofUser(userId, async (tx) => {
      const at = this.now();
      if (!(await this.changes.useReset(tx, userId, tokenHash, at))) throw new AppError('one_time_token.invalid');
      await this.changes.reset(tx, userId, { passwordHash, at });
      await this.ends.endEverywhere(tx, { userId }, 'password');
    });
    // Without Redis the delay passes by itself.
    if (email !== undefined) await this.lockouts.unlock(email).catch(() => undefined);
  }

  private now(): Date {
    return new Date(this.clock.now());
  }
}
