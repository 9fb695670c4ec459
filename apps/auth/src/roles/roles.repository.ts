import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@parley/persistence';
import type { StoredRole } from './role.js';

const columns = 'name, description, inherits, permissions';

@Injectable()
export class RolesRepository {
  constructor(private readonly database: Database) {}

  inTenant<T>(tenantId: string, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.inTenant(tenantId, fn);
  }

  /** All of them, by name: a tenant has at most `maxRoles`. */
  list(tx: Transaction, tenantId: string): Promise<StoredRole[]> {
    return tx.query<StoredRole>(`select ${columns} from roles where tenant_id = $1 order by name`, [tenantId]);
  }

  async find(tx: Transaction, tenantId: string, name: string): Promise<StoredRole | undefined> {
    const [row] = await tx.query<StoredRole>(`select ${columns} from roles where tenant_id = $1 and name = $2`, [
      tenantId,
      name,
    ]);
    return row;
  }

  /** Until the transaction ends nobody changes the role or gives it to anybody (`AuthorityRepository.grantsOfRole`). */
  async lock(tx: Transaction, tenantId: string, name: string): Promise<StoredRole | undefined> {
    const [row] = await tx.query<StoredRole>(
      `select ${columns} from roles where tenant_id = $1 and name = $2 for update`,
      [tenantId, name],
    );
    return row;
  }

  /** How many there are, which no other transaction adds to until this one ends. */
  async lockCount(tx: Transaction, tenantId: string): Promise<number> {
    await tx.query('select id from tenants where id = $1 for no key update', [tenantId]);
    const [row] = await tx.query<{ count: number }>('select count(*)::int as count from roles where tenant_id = $1', [
      tenantId,
    ]);
    return row?.count ?? 0;
  }

  /** False when there is a role of this name. */
  async add(tx: Transaction, tenantId: string, role: StoredRole, createdAt: Date): Promise<boolean> {
    const added = await tx.query(
      `insert into roles (tenant_id, name, description, inherits, permissions, created_at)
       values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning name`,
      [tenantId, role.name, role.description, role.inherits, role.permissions, createdAt],
    );
    return added.length > 0;
  }

  async update(tx: Transaction, tenantId: string, role: StoredRole): Promise<void> {
    await tx.query(
      'update roles set description = $3, inherits = $4, permissions = $5 where tenant_id = $1 and name = $2',
      [tenantId, role.name, role.description, role.inherits, role.permissions],
    );
  }

  async delete(tx: Transaction, tenantId: string, name: string): Promise<void> {
    await tx.query('delete from roles where tenant_id = $1 and name = $2', [tenantId, name]);
  }
}
