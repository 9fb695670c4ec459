import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@parley/persistence';
import type { Account, Membership, NewTenant, StoredPassword } from './account.js';

@Injectable()
export class AccountsRepository {
  constructor(private readonly database: Database) {}

  findPassword(email: string): Promise<StoredPassword | undefined> {
    return this.database.inScope({ login_email: email }, async (tx) => {
      const [row] = await tx.query<StoredPassword>(
        'select id as "userId", password_hash as "passwordHash" from users where email = $1',
        [email],
      );
      return row;
    });
  }

  /** The tenant that the user joined first. */
  findMembership(userId: string): Promise<Membership | undefined> {
    return this.database.inScope({ user_id: userId }, async (tx) => {
      const [row] = await tx.query<Membership>(
        `select tenant_id as "tenantId", user_id as "userId", role from memberships
         where user_id = $1 order by created_at, tenant_id limit 1`,
        [userId],
      );
      return row;
    });
  }

  /** For transactions of the tenant. */
  async findRole(tx: Transaction, { tenantId, userId }: Omit<Membership, 'role'>): Promise<string | undefined> {
    const [row] = await tx.query<{ role: string }>(
      'select role from memberships where tenant_id = $1 and user_id = $2',
      [tenantId, userId],
    );
    return row?.role;
  }

  findAccount(tenantId: string, userId: string): Promise<Account | undefined> {
    return this.database.inScope({ tenant_id: tenantId, user_id: userId }, async (tx) => {
      const [row] = await tx.query<Account>(
        `select u.email, t.name as "tenantName", m.role
         from memberships m join users u on u.id = m.user_id join tenants t on t.id = m.tenant_id
         where m.tenant_id = $1 and m.user_id = $2`,
        [tenantId, userId],
      );
      return row;
    });
  }

  /** False, and nothing changed, when the address has an account already: made before, or by another instance just now. */
  createTenant(tenant: NewTenant): Promise<boolean> {
    const { tenantId, userId, createdAt } = tenant;
    return this.database.inScope({ tenant_id: tenantId, user_id: userId }, async (tx) => {
      const created = await tx.query(
        `insert into users (id, email, password_hash, created_at) values ($1, $2, $3, $4)
         on conflict (email) do nothing returning id`,
        [userId, tenant.email, tenant.passwordHash, createdAt],
      );
      if (created.length === 0) return false;
      await tx.query('insert into tenants (id, name, created_at) values ($1, $2, $3)', [
        tenantId,
        tenant.tenantName,
        createdAt,
      ]);
      await tx.query(`insert into memberships (tenant_id, user_id, role, created_at) values ($1, $2, 'owner', $3)`, [
        tenantId,
        userId,
        createdAt,
      ]);
      return true;
    });
  }
}
