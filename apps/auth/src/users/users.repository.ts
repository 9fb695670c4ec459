import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@parley/persistence';
import type { Member } from './user.js';

/** Where a page of members ends: they are listed newest first. */
export type MemberPosition = readonly [createdAt: string, id: string];

const columns = `m.user_id as id, u.email, m.role, m.permissions, m.created_at as "createdAt",
  m.needs_proof as "needsProof", m.last_login_at as "lastLoginAt"`;

/** Users as members of a tenant. */
@Injectable()
export class UsersRepository {
  constructor(private readonly database: Database) {}

  inTenant<T>(tenantId: string, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.inTenant(tenantId, fn);
  }

  /** At most `limit`. */
  list(tx: Transaction, tenantId: string, limit: number, after?: MemberPosition): Promise<Member[]> {
    const [createdAt, id] = after ?? [null, null];
    return tx.query<Member>(
      `select ${columns} from memberships m join users u on u.id = m.user_id
       where m.tenant_id = $1
         and ($2::timestamptz is null or (m.created_at, m.user_id) < ($2::timestamptz, $3::uuid))
       order by m.created_at desc, m.user_id desc limit $4`,
      [tenantId, createdAt, id, limit],
    );
  }

  async find(tx: Transaction, tenantId: string, id: string): Promise<Member | undefined> {
    const [row] = await tx.query<Member>(
      `select ${columns} from memberships m join users u on u.id = m.user_id
       where m.tenant_id = $1 and m.user_id = $2`,
      [tenantId, id],
    );
    return row;
  }

  /** One who can log in: an account of another tenant gets in when its address is proven, and that may be never. */
  async hasOwnerBesides(tx: Transaction, tenantId: string, id: string): Promise<boolean> {
    const others = await tx.query(
      `select from memberships m join users u on u.id = m.user_id
       where m.tenant_id = $1 and m.role = 'owner' and m.user_id <> $2
         and (u.proven_at is not null or not m.needs_proof) limit 1`,
      [tenantId, id],
    );
    return others.length > 0;
  }

  async change(
    tx: Transaction,
    tenantId: string,
    { id, role, permissions }: Pick<Member, 'id' | 'role' | 'permissions'>,
  ): Promise<void> {
    await tx.query('update memberships set role = $3, permissions = $4 where tenant_id = $1 and user_id = $2', [
      tenantId,
      id,
      role,
      permissions,
    ]);
  }

  /** With their logins, and with every invitation that would let them in again. The logins that were open, by id. */
  async remove(tx: Transaction, tenantId: string, { id, email }: Pick<Member, 'id' | 'email'>): Promise<string[]> {
    const open = await tx.query<{ id: string }>(
      'select id from logins where tenant_id = $1 and user_id = $2 and ended_at is null',
      [tenantId, id],
    );
    await tx.query('delete from memberships where tenant_id = $1 and user_id = $2', [tenantId, id]);
    await tx.query('delete from invitations where tenant_id = $1 and email = $2', [tenantId, email]);
    return open.map((login) => login.id);
  }

  /** In a transaction of the user, too. */
  async deleteUnlessMember(tx: Transaction, id: string): Promise<void> {
    await tx.query('delete from users where id = $1 and not exists (select from memberships where user_id = $1)', [id]);
  }
}
