import { Injectable } from '@nestjs/common';
import type { Permission } from '@parley/contracts';
import { Database, type Transaction } from '@parley/persistence';
import type { CheckedUser } from '../passwords/password-check.js';
import type { Account, Membership, NewMembership, NewTenant, NewUser } from './account.js';

const membership = {
  name: 'membership',
  text: `select m.tenant_id as "tenantId", m.user_id as "userId", m.role
         from memberships m join users u on u.id = m.user_id
         where m.user_id = $1 and ($2::uuid is null or m.tenant_id = $2) and (u.proven_at is not null or not m.needs_proof)
         order by m.created_at, m.tenant_id limit 1`,
};
const markLogin = {
  name: 'membership_login',
  text: 'update memberships set last_login_at = $3 where tenant_id = $1 and user_id = $2 returning user_id',
};

@Injectable()
export class AccountsRepository {
  constructor(private readonly database: Database) {}

  /** A transaction of the tenant that also sees and writes the one user, wherever they are a member. */
  inTenantOf<T>(tenantId: string, userId: string, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.inScope({ tenant_id: tenantId, user_id: userId }, fn);
  }

  /** A transaction of the user, wherever they are a member. */
  inUser<T>(userId: string, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.inScope({ user_id: userId }, fn);
  }

  /** What follows in the transaction is also of this tenant. */
  enterTenant(tx: Transaction, tenantId: string): Promise<void> {
    return this.database.enterTenant(tx, tenantId);
  }

  /** Until the transaction ends nobody else adds, changes or removes a member of the tenant. */
  async lockMembers(tx: Transaction, tenantId: string): Promise<void> {
    await tx.query('select from tenants where id = $1 for no key update', [tenantId]);
  }

  /** Whose account has the address. */
  findUserId(email: string): Promise<string | undefined> {
    return this.database.inScope({ login_email: email }, async (tx) => {
      const [row] = await tx.query<{ id: string }>('select id from users where email = $1', [email]);
      return row?.id;
    });
  }

  /** Where the user may log in: in this tenant, or in the one that they joined first. */
  async findMembership(tx: Transaction, userId: string, tenantId?: string): Promise<Membership | undefined> {
    const [row] = await tx.query<Membership>(membership, [userId, tenantId ?? null]);
    return row;
  }

  findUser(tenantId: string, userId: string): Promise<Account | undefined> {
    return this.database.inTenant(tenantId, async (tx) => {
      const [row] = await tx.query<Account>(
        `select u.email, t.name as "tenantName", m.role
         from memberships m join users u on u.id = m.user_id join tenants t on t.id = m.tenant_id
         where m.tenant_id = $1 and m.user_id = $2`,
        [tenantId, userId],
      );
      return row;
    });
  }

  findServiceAccount(tenantId: string, id: string): Promise<Account | undefined> {
    return this.database.inTenant(tenantId, async (tx) => {
      const [row] = await tx.query<Account>(
        `select null as email, t.name as "tenantName", s.role
         from service_accounts s join tenants t on t.id = s.tenant_id where s.tenant_id = $1 and s.id = $2`,
        [tenantId, id],
      );
      return row;
    });
  }

  /** False, and nothing changed, when the address has an account already: made before, or by another instance just now. */
  createTenant(tenant: NewTenant): Promise<boolean> {
    const { tenantId, tenantName, userId, createdAt } = tenant;
    return this.inTenantOf(tenantId, userId, async (tx) => {
      if (!(await this.addUser(tx, tenant))) return false;
      await tx.query('insert into tenants (id, name, created_at) values ($1, $2, $3)', [
        tenantId,
        tenantName,
        createdAt,
      ]);
      const owner = { tenantId, userId, role: 'owner', permissions: [], needsProof: false, createdAt };
      return this.addMembership(tx, owner);
    });
  }

  /** Gives a member permissions besides those of their role; what they have they keep. */
  giveBesides({ tenantId, userId }: Omit<Membership, 'role'>, permissions: readonly Permission[]): Promise<void> {
    return this.database.inTenant(tenantId, async (tx) => {
      await tx.query(
        `update memberships set permissions = array(select distinct unnest(permissions || $3::text[]) order by 1)
         where tenant_id = $1 and user_id = $2 and not permissions @> $3::text[]`,
        [tenantId, userId, permissions],
      );
    });
  }

  /** In a transaction of the user. False when the address has an account. */
  async addUser(tx: Transaction, { userId, email, passwordHash, createdAt }: NewUser): Promise<boolean> {
    const added = await tx.query(
      `insert into users (id, email, password_hash, created_at) values ($1, $2, $3, $4)
       on conflict (email) do nothing returning id`,
      [userId, email, passwordHash, createdAt],
    );
    return added.length > 0;
  }

  /**
   * In a transaction of the user. Until it ends nobody else removes them, from whichever tenant, and they neither log in
   * nor get another password. Before any lock of their membership or logins, as everywhere.
   */
  async lockUser(tx: Transaction, userId: string): Promise<void> {
    await tx.query('select from users where id = $1 for update', [userId]);
  }

  /** In a transaction of the user: whether they are there, and then stay there until it ends. */
  async keepUser(tx: Transaction, userId: string): Promise<boolean> {
    const kept = await tx.query('select from users where id = $1 for key share', [userId]);
    return kept.length > 0;
  }

  /** In a transaction of the user: whether a reset has shown whose the address is, and their password is still this one. */
  async isProven(tx: Transaction, { userId, changedAt }: CheckedUser): Promise<boolean> {
    const proven = await tx.query(
      'select from users where id = $1 and proven_at is not null and password_changed_at is not distinct from $2',
      [userId, changedAt],
    );
    return proven.length > 0;
  }

  /** False when the user is no member any more. Whoever changes or removes them waits until the login has happened. */
  async markLogin(tx: Transaction, { tenantId, userId }: Omit<Membership, 'role'>, at: Date): Promise<boolean> {
    return (await tx.query(markLogin, [tenantId, userId, at])).length > 0;
  }

  /** False when the user is a member already. */
  async addMembership(tx: Transaction, membership: NewMembership): Promise<boolean> {
    const added = await tx.query(
      `insert into memberships (tenant_id, user_id, role, permissions, needs_proof, created_at)
       values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning user_id`,
      [
        membership.tenantId,
        membership.userId,
        membership.role,
        membership.permissions,
        membership.needsProof,
        membership.createdAt,
      ],
    );
    return added.length > 0;
  }
}
