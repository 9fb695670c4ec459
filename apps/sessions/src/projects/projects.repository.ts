import { Injectable } from '@nestjs/common';
import type { ConcurrencyPolicy, ContextPolicy, ProjectLimits } from '@parley/contracts';
import { Database, type Transaction } from '@parley/persistence';

export interface StoredProject {
  readonly tenantId: string;
  readonly id: string;
  readonly name: string;
  /** What its sessions are answered by where they name none. */
  readonly model: string | null;
  readonly instructions: string | null;
  readonly limits: ProjectLimits;
  /** Each for sessions that have none. */
  readonly concurrency: ConcurrencyPolicy | null;
  readonly context: ContextPolicy | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type NewProject = Omit<StoredProject, 'createdAt' | 'updatedAt'>;

const columns = `tenant_id as "tenantId", id, name, model, instructions, limits, concurrency, context, created_at as "createdAt",
  updated_at as "updatedAt"`;
const one = { name: 'project', text: `select ${columns} from projects where tenant_id = $1 and id = $2` };
const paramsOf = ({ tenantId, id, name, model, instructions, limits, concurrency, context }: NewProject) => [
  ...[tenantId, id, name, model, instructions],
  ...[JSON.stringify(limits), concurrency, context],
];

@Injectable()
export class ProjectsRepository {
  constructor(private readonly database: Database) {}

  inTenant<T>(tenantId: string, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.inTenant(tenantId, fn);
  }

  async add(tx: Transaction, project: NewProject): Promise<StoredProject | undefined> {
    const [row] = await tx.query<StoredProject>(
      `insert into projects (tenant_id, id, name, model, instructions, limits, concurrency, context)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       returning ${columns}`,
      paramsOf(project),
    );
    return row;
  }

  async find(tx: Transaction, tenantId: string, id: string): Promise<StoredProject | undefined> {
    const [row] = await tx.query<StoredProject>(one, [tenantId, id]);
    return row;
  }

  /** Locked until the transaction ends; sessions may be put into it meanwhile. */
  async lock(tx: Transaction, tenantId: string, id: string): Promise<StoredProject | undefined> {
    const [row] = await tx.query<StoredProject>(`${one.text} for no key update`, [tenantId, id]);
    return row;
  }

  /** At most `limit`, newest first. */
  list(tx: Transaction, tenantId: string, limit: number, after: string | null): Promise<StoredProject[]> {
    return tx.query<StoredProject>(
      `select ${columns} from projects where tenant_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
      [tenantId, after, limit],
    );
  }

  async update(tx: Transaction, project: NewProject): Promise<StoredProject | undefined> {
    const [row] = await tx.query<StoredProject>(
      `update projects set name = $3, model = $4, instructions = $5, limits = $6, concurrency = $7, context = $8, updated_at = now()
       where tenant_id = $1 and id = $2 returning ${columns}`,
      paramsOf(project),
    );
    return row;
  }

  /** False when there is none. Its sessions stay, without a project. */
  async remove(tx: Transaction, tenantId: string, id: string): Promise<boolean> {
    const rows = await tx.query('delete from projects where tenant_id = $1 and id = $2 returning id', [tenantId, id]);
    return rows.length > 0;
  }
}
