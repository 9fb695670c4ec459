import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@parley/persistence';

/** What a password is checked against. */
export interface StoredPassword {
  readonly userId: string;
  readonly passwordHash: string;
  /** Null for the one that the account was made with. */
  readonly changedAt: Date | null;
}

const byEmail = {
  name: 'password_by_email',
  text: `select id as "userId", password_hash as "passwordHash", password_changed_at as "changedAt" from users where email = $1`,
};
const current = {
  name: 'password_current',
  text: 'select from users where id = $1 and password_changed_at is not distinct from $2 for share',
};

@Injectable()
export class PasswordsRepository {
  constructor(private readonly database: Database) {}

  async find(email: string): Promise<StoredPassword | undefined> {
    const [row] = await this.database.queryInScope<StoredPassword>({ login_email: email }, byEmail, [email]);
    return row;
  }

  /** The same password by stronger parameters; one that was changed meanwhile stays as it is. */
  async rehash({ userId, passwordHash }: StoredPassword, stronger: string): Promise<void> {
    await this.database.inScope({ user_id: userId }, (tx) =>
      tx.query('update users set password_hash = $3 where id = $1 and password_hash = $2', [
        userId,
        passwordHash,
        stronger,
      ]),
    );
  }

  /** In a transaction of the user: whether it is still the one that was checked, and then stays it until that ends. */
  async isCurrent(tx: Transaction, { userId, changedAt }: Omit<StoredPassword, 'passwordHash'>): Promise<boolean> {
    return (await tx.query(current, [userId, changedAt])).length > 0;
  }
}
