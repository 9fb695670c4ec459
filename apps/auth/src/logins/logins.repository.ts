import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@parley/persistence';
import type { Login, LoginEnd, RefreshToken } from './login.js';

export interface StoredRefreshToken {
  readonly tokenHash: string;
  readonly tenantId: string;
  readonly loginId: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

@Injectable()
export class LoginsRepository {
  constructor(private readonly database: Database) {}

  inTenant<T>(tenantId: string, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.inTenant(tenantId, fn);
  }

  /** The only look-up without a tenant: the token's hash says whose it is (docs/adr/0013). */
  findOwner(tokenHash: string): Promise<Pick<StoredRefreshToken, 'tenantId' | 'loginId'> | undefined> {
    return this.database.inScope({ credential_hash: tokenHash }, async (tx) => {
      const [row] = await tx.query<Pick<StoredRefreshToken, 'tenantId' | 'loginId'>>(
        'select tenant_id as "tenantId", login_id as "loginId" from refresh_tokens where token_hash = $1',
        [tokenHash],
      );
      return row;
    });
  }

  async start(tx: Transaction, login: Omit<Login, 'endedAt'>, createdAt: Date): Promise<void> {
    await tx.query('insert into logins (id, tenant_id, user_id, created_at) values ($1, $2, $3, $4)', [
      login.id,
      login.tenantId,
      login.userId,
      createdAt,
    ]);
  }

  /** Locked until the transaction ends: the tokens of one login are presented one after the other. */
  async lock(tx: Transaction, tenantId: string, loginId: string): Promise<Login | undefined> {
    const [row] = await tx.query<Login>(
      `select id, tenant_id as "tenantId", user_id as "userId", ended_at as "endedAt" from logins
       where tenant_id = $1 and id = $2 for update`,
      [tenantId, loginId],
    );
    return row;
  }

  async findToken(tx: Transaction, tenantId: string, tokenHash: string): Promise<RefreshToken | undefined> {
    const [row] = await tx.query<RefreshToken>(
      `select expires_at as "expiresAt", replaced_at as "replacedAt" from refresh_tokens
       where tenant_id = $1 and token_hash = $2`,
      [tenantId, tokenHash],
    );
    return row;
  }

  async addToken(tx: Transaction, token: StoredRefreshToken): Promise<void> {
    await tx.query(
      `insert into refresh_tokens (token_hash, tenant_id, login_id, created_at, expires_at) values ($1, $2, $3, $4, $5)`,
      [token.tokenHash, token.tenantId, token.loginId, token.createdAt, token.expiresAt],
    );
  }

  async replaceToken(tx: Transaction, tenantId: string, tokenHash: string, at: Date): Promise<void> {
    await tx.query('update refresh_tokens set replaced_at = $3 where tenant_id = $1 and token_hash = $2', [
      tenantId,
      tokenHash,
      at,
    ]);
  }

  /** Ends the login with all of its refresh tokens; a login that has ended stays as it is. */
  async end(tx: Transaction, tenantId: string, loginId: string, reason: LoginEnd, at: Date): Promise<void> {
    await tx.query(
      'update logins set ended_at = $3, end_reason = $4 where tenant_id = $1 and id = $2 and ended_at is null',
      [tenantId, loginId, at, reason],
    );
  }
}
