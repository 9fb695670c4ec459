import { Injectable } from '@nestjs/common';
import { AppError } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import type { Newcomer } from '../accounts/account.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { Newcomers } from '../accounts/newcomers.js';
import { NewPasswords } from '../password-changes/new-passwords.js';
import { demandUncommon } from '../passwords/common-passwords.js';
import type { CheckedUser } from '../passwords/password-check.js';
import { Passwords } from '../passwords/passwords.js';
import type { Acceptance } from './acceptances.service.js';

/** Who accepts, and what makes the account theirs alone: in the transaction that lets them in, before they are. */
export interface Invitee {
  readonly newcomer: Newcomer;
  readonly secure: (tx: Transaction, tenantId: string) => Promise<void>;
}
/**
 * The accounts that invitations are for. Who made one, in a tenant of their own, or let somebody make it by an invitation of
 * theirs, may know its password, and would come along into every tenant that invites its user (docs/adr/0022). A change of
 * the password proves nothing, since they may be the one who changed it.
 */
@Injectable()
export class InviteeAccounts {
  constructor(
    private readonly newcomers: Newcomers,
    private readonly accounts: AccountsRepository,
    private readonly passwords: Passwords,
    private readonly changes: NewPasswords,
  ) {}

  /**
   * An account gets in by a password that only this invitee has: given with the invitation, or since a reset that went to
   * the address. @throws AppError as `Newcomers.present`; request.invalid for a new password that is missing or common.
   */
  async present(email: string, { password, newPassword, address }: Acceptance): Promise<Invitee> {
    const newcomer = await this.newcomers.present(email, password, address);
    const { checked } = newcomer;
    if (!checked) {
      if (newPassword !== undefined) throw refusal('has no account to go to: the address has none yet');
      return { newcomer, secure: async () => undefined };
    }
    if (newPassword === undefined) return { newcomer, secure: (tx) => this.demandProven(tx, checked) };
    demandUncommon(newPassword, { field: 'new_password', email });
    const passwordHash = await this.passwords.hash(newPassword);
    return { newcomer, secure: (tx, tenantId) => this.replace(tx, { tenantId, checked, passwordHash }) };
  }

  private async demandProven(tx: Transaction, checked: CheckedUser): Promise<void> {
    if (await this.accounts.isProven(tx, checked)) return;
    throw refusal('is needed, as others may know the password of this account; or reset the password first');
  }

  private async replace(
    tx: Transaction,
    { tenantId, checked, passwordHash }: { tenantId: string; checked: CheckedUser; passwordHash: string },
  ): Promise<void> {
    await this.changes.replace(tx, checked, passwordHash);
    await this.accounts.enterTenant(tx, tenantId);
  }
}

const refusal = (message: string): AppError =>
  new AppError('request.invalid', { fields: [{ path: 'new_password', message }] });
