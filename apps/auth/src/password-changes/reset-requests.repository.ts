import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@parley/persistence';
import type { PasswordReset } from './password-reset.js';

/** Whose account an address has, and the tenant that they joined first. */
export interface Recipient {
  readonly userId: string;
  readonly tenantId: string;
}

@Injectable()
export class ResetRequestsRepository {
  constructor(private readonly database: Database) {}

  /** Undefined too for one who is a member of no tenant. */
  async findRecipient(email: string): Promise<Recipient | undefined> {
    const userId = await this.database.inScope({ login_email: email }, async (tx) => {
      const [row] = await tx.query<{ id: string }>('select id from users where email = $1', [email]);
      return row?.id;
    });
    if (userId === undefined) return undefined;
    return this.database.inScope({ user_id: userId }, async (tx) => {
      const [row] = await tx.query<Recipient>(
        `select user_id as "userId", tenant_id as "tenantId" from memberships
         where user_id = $1 order by created_at, tenant_id limit 1`,
        [userId],
      );
      return row;
    });
  }

  /** A transaction of the recipient and their tenant. */
  inTenantOf<T>({ tenantId, userId }: Recipient, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.inScope({ tenant_id: tenantId, user_id: userId }, fn);
  }

  async add(tx: Transaction, tokenHash: string, reset: PasswordReset, createdAt: Date): Promise<void> {
    await tx.query(
      'insert into password_resets (token_hash, user_id, created_at, expires_at) values ($1, $2, $3, $4)',
      [tokenHash, reset.userId, createdAt, reset.expiresAt],
    );
  }
}
