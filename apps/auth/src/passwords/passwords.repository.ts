import { Injectable } from '@nestjs/common';
import { Database } from '@parley/persistence';
import type { StoredPassword } from './password-check.js';

@Injectable()
export class PasswordsRepository {
  constructor(private readonly database: Database) {}

  find(email: string): Promise<StoredPassword | undefined> {
    return this.database.inScope({ login_email: email }, async (tx) => {
      const [row] = await tx.query<StoredPassword>(
        'select id as "userId", password_hash as "passwordHash" from users where email = $1',
        [email],
      );
      return row;
    });
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
}
