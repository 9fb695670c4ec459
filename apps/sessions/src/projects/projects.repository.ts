import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@parley/persistence';

export interface StoredProject {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const columns = 'id, name, created_at as "createdAt", updated_at as "updatedAt"';

@Injectable()
export class ProjectsRepository {
  constructor(private readonly database: Database) {}

  inTenant<T>(tenantId: string, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.inTenant(tenantId, fn);
  }

  async add(tx: Transaction, tenantId: string, id: string, name: string): Promise<StoredProject | undefined> {
    const [row] = await tx.query<StoredProject>(
      `insert into projects (tenant_id, id, name) values ($1, $2, $3) returning ${columns}`,
      [tenantId, id, name],
    );
    return row;
  }

  async find(tx: Transaction, tenantId: string, id: string): Promise<StoredProject | undefined> {
    const [row] = await tx.query<StoredProject>(`select ${columns} from projects where tenant_id = $1 and id = $2`, [
      tenantId,
      id,
    ]);
    return row;
  }

  /** At most `limit`, newest first. */
  list(tx: Transaction, tenantId: string, limit: number, after: string | null): Promise<StoredProject[]> {
    return tx.query<StoredProject>(
      `select ${columns} from projects where tenant_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
      [tenantId, after, limit],
    );
  }

  async rename(tx: Transaction, tenantId: string, id: string, name: string): Promise<StoredProject | undefined> {
    const [row] = await tx.query<StoredProject>(
      `update projects set name = $3, updated_at = now() where tenant_id = $1 and id = $2 returning ${columns}`,
      [tenantId, id, name],
    );
    return row;
  }

  /** False when there is none. Its sessions stay, without a project. */
  async remove(tx: Transaction, tenantId: string, id: string): Promise<boolean> {
    const rows = await tx.query('delete from projects where tenant_id = $1 and id = $2 returning id', [tenantId, id]);
    return rows.length > 0;
  }
}
