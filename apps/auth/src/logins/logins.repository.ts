import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@parley/persistence';
import { storedAddress } from '../passwords/stored-address.js';
import type { Login, LoginEnd, LoginOrigin, RefreshToken } from './login.js';

export interface StoredRefreshToken {
  readonly tokenHash: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export interface ListedLogin {
  readonly id: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
  readonly address: string | null;
  readonly userAgent: string | null;
}

export interface WantedLogins {
  readonly tenantId: string;
  readonly userId: string;
  /** Those that have not expired by then. */
  readonly now: Date;
  /** Where the page before ended. */
  readonly after: readonly [createdAt: string, id: string] | undefined;
  readonly limit: number;
}

/** Whose logins are meant, in the one tenant, but for the one to keep. */
export interface LoginsOf {
  readonly tenantId: string;
  readonly userId: string;
  readonly keep?: string | undefined;
}

/** Longer ones are cut. */
const maxUserAgent = 400;

/** Of nobody who was removed meanwhile: then there is no login, and no token of it either. */
const start = {
  name: 'login_start',
  text: `insert into logins (id, tenant_id, user_id, created_at, address, user_agent)
         select $1, tenant_id, user_id, $4, $5, $6 from memberships where tenant_id = $2 and user_id = $3`,
};
const addToken = {
  name: 'login_token',
  text: `with login as (
           update logins set last_used_at = $4, expires_at = $5 where tenant_id = $1 and id = $2 returning tenant_id, id)
         insert into refresh_tokens (token_hash, tenant_id, login_id, created_at, expires_at)
         select $3, tenant_id, id, $4, $5 from login`,
};

@Injectable()
export class LoginsRepository {
  constructor(private readonly database: Database) {}

  inTenant<T>(tenantId: string, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.inTenant(tenantId, fn);
  }

  /** The only look-up without a tenant: the token's hash says whose it is (docs/adr/0013). */
  findOwner(tokenHash: string): Promise<{ readonly tenantId: string; readonly loginId: string } | undefined> {
    return this.database.inScope({ credential_hash: tokenHash }, async (tx) => {
      const [row] = await tx.query<{ tenantId: string; loginId: string }>(
        'select tenant_id as "tenantId", login_id as "loginId" from refresh_tokens where token_hash = $1',
        [tokenHash],
      );
      return row;
    });
  }

  async start(tx: Transaction, login: Omit<Login, 'endedAt'>, origin: LoginOrigin, createdAt: Date): Promise<void> {
    await tx.query(start, [
      login.id,
      login.tenantId,
      login.userId,
      createdAt,
      storedAddress(origin.address),
      origin.userAgent?.slice(0, maxUserAgent),
    ]);
  }

  /** Those that are going on, newest first. */
  list(tx: Transaction, { tenantId, userId, now, after, limit }: WantedLogins): Promise<ListedLogin[]> {
    return tx.query<ListedLogin>(
      `select id, created_at as "createdAt", last_used_at as "lastUsedAt", expires_at as "expiresAt",
         host(address) as address, user_agent as "userAgent"
       from logins where tenant_id = $1 and user_id = $2 and ended_at is null and expires_at > $3
         and ($4::timestamptz is null or (created_at, id) < ($4, $5::uuid))
       order by created_at desc, id desc limit $6`,
      [tenantId, userId, now, after?.[0] ?? null, after?.[1] ?? null, limit],
    );
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

  /** The login was used, and lives as long as its newest token. */
  async addToken(tx: Transaction, login: Omit<Login, 'endedAt'>, token: StoredRefreshToken): Promise<void> {
    await tx.query(addToken, [login.tenantId, login.id, token.tokenHash, token.createdAt, token.expiresAt]);
  }

  async replaceToken(tx: Transaction, tenantId: string, tokenHash: string, at: Date): Promise<void> {
    await tx.query('update refresh_tokens set replaced_at = $3 where tenant_id = $1 and token_hash = $2', [
      tenantId,
      tokenHash,
      at,
    ]);
  }

  /** Ends the login with all of its refresh tokens. False for one that is not the user's; one that has ended stays as it is. */
  async end(tx: Transaction, login: Omit<Login, 'endedAt'>, reason: LoginEnd, at: Date): Promise<boolean> {
    const rows = await tx.query(
      `update logins set ended_at = coalesce(ended_at, $4), end_reason = coalesce(end_reason, $5)
       where tenant_id = $1 and user_id = $2 and id = $3 returning id`,
      [login.tenantId, login.userId, login.id, at, reason],
    );
    return rows.length > 0;
  }

  /** Where the user is a member, for transactions of theirs. */
  async tenantsOf(tx: Transaction, userId: string): Promise<string[]> {
    const rows = await tx.query<{ tenantId: string }>(
      'select tenant_id as "tenantId" from memberships where user_id = $1 order by tenant_id',
      [userId],
    );
    return rows.map(({ tenantId }) => tenantId);
  }

  /** Answers which: all of the user's that are going on in the tenant, but for the one to keep. */
  async endAll(tx: Transaction, { tenantId, userId, keep }: LoginsOf, reason: LoginEnd, at: Date): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `update logins set ended_at = $4, end_reason = $5
       where tenant_id = $1 and user_id = $2 and ended_at is null and id is distinct from $3::uuid returning id`,
      [tenantId, userId, keep ?? null, at, reason],
    );
    return rows.map(({ id }) => id);
  }
}
