import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@parley/persistence';
import type { CheckedUser } from '../passwords/password-check.js';
import type { PasswordReset } from './password-reset.js';

/** A password that takes another's place. */
export interface NewPassword {
  readonly passwordHash: string;
  readonly at: Date;
}

@Injectable()
export class PasswordChangesRepository {
  constructor(private readonly database: Database) {}

  /** A transaction that sees and writes the one user. */
  ofUser<T>(userId: string, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.inScope({ user_id: userId }, fn);
  }

  async emailOf(tx: Transaction, userId: string): Promise<string | undefined> {
    const [row] = await tx.query<{ email: string }>('select email from users where id = $1', [userId]);
    return row?.email;
  }

  /** False when the password that was checked has been changed meanwhile. Resets that were asked for before are void. */
  async change(tx: Transaction, { userId, changedAt }: CheckedUser, to: NewPassword): Promise<boolean> {
    const changed = await tx.query(
      `update users set password_hash = $3, password_changed_at = $4
       where id = $1 and password_changed_at is not distinct from $2 returning id`,
      [userId, changedAt, to.passwordHash, to.at],
    );
    await this.voidResets(tx, userId, to.at);
    return changed.length > 0;
  }

  /** Whoever has a reset's token has shown that the address is theirs. */
  async reset(tx: Transaction, userId: string, to: NewPassword): Promise<void> {
    await tx.query(
      `update users set password_hash = $2, password_changed_at = $3, proven_at = coalesce(proven_at, $3) where id = $1`,
      [userId, to.passwordHash, to.at],
    );
    await this.voidResets(tx, userId, to.at);
  }

  /** Before its user is known: the token's hash says whose it is (docs/adr/0013). */
  findReset(tokenHash: string): Promise<PasswordReset | undefined> {
    return this.database.inScope({ credential_hash: tokenHash }, async (tx) => {
      const [row] = await tx.query<PasswordReset>(
        `select user_id as "userId", expires_at as "expiresAt", used_at as "usedAt" from password_resets
         where token_hash = $1`,
        [tokenHash],
      );
      return row;
    });
  }

  /** In a transaction of its user. True once. */
  async useReset(tx: Transaction, userId: string, tokenHash: string, at: Date): Promise<boolean> {
    const used = await tx.query(
      `update password_resets set used_at = $3
       where token_hash = $2 and user_id = $1 and used_at is null and expires_at > $3 returning user_id`,
      [userId, tokenHash, at],
    );
    return used.length > 0;
  }

  private async voidResets(tx: Transaction, userId: string, at: Date): Promise<void> {
    await tx.query('update password_resets set used_at = $2 where user_id = $1 and used_at is null', [userId, at]);
  }
}
