import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '@parley/persistence';
import type { StoredRoute } from './model-route.js';

const columns = `name, targets, strategy, hedge_after_ms as "hedgeAfterMs", revision,
  created_at as "createdAt", updated_at as "updatedAt"`;

/** All of them, by name: a tenant has at most `maxModelRoutes`. */
const allOfTenant = `select ${columns} from model_routes where tenant_id = $1 order by name`;
const byName = `select ${columns} from model_routes where tenant_id = $1 and name = $2`;

@Injectable()
export class ModelRoutesRepository {
  constructor(private readonly database: Database) {}

  inTenant<T>(tenantId: string, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.inTenant(tenantId, fn);
  }

  all(tenantId: string): Promise<StoredRoute[]> {
    return this.database.queryInScope<StoredRoute>({ tenant_id: tenantId }, allOfTenant, [tenantId]);
  }

  async find(tenantId: string, name: string): Promise<StoredRoute | undefined> {
    const [row] = await this.database.queryInScope<StoredRoute>({ tenant_id: tenantId }, byName, [tenantId, name]);
    return row;
  }

  /** Until the transaction ends nobody else changes the route. */
  async lock(tx: Transaction, tenantId: string, name: string): Promise<StoredRoute | undefined> {
    const [row] = await tx.query<StoredRoute>(`${byName} for update`, [tenantId, name]);
    return row;
  }

  /** How many there are, which no other transaction adds to until this one ends. */
  async lockCount(tx: Transaction, tenantId: string): Promise<number> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('model_routes ' || $1, 0))`, [tenantId]);
    const [row] = await tx.query<{ count: number }>(
      'select count(*)::int as count from model_routes where tenant_id = $1',
      [tenantId],
    );
    return row?.count ?? 0;
  }

  /** False when there is a route of this name. */
  async add(tx: Transaction, tenantId: string, route: StoredRoute): Promise<boolean> {
    const added = await tx.query(
      `insert into model_routes (tenant_id, name, targets, strategy, hedge_after_ms, revision, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning name`,
      [tenantId, ...valuesOf(route), route.createdAt, route.updatedAt],
    );
    return added.length > 0;
  }

  async update(tx: Transaction, tenantId: string, route: StoredRoute): Promise<void> {
    await tx.query(
      `update model_routes set targets = $3, strategy = $4, hedge_after_ms = $5, revision = $6, updated_at = $7
       where tenant_id = $1 and name = $2`,
      [tenantId, ...valuesOf(route), route.updatedAt],
    );
  }

  /** False when there was none. */
  async delete(tx: Transaction, tenantId: string, name: string): Promise<boolean> {
    const deleted = await tx.query('delete from model_routes where tenant_id = $1 and name = $2 returning name', [
      tenantId,
      name,
    ]);
    return deleted.length > 0;
  }
}

const valuesOf = ({ name, targets, strategy, hedgeAfterMs, revision }: StoredRoute): unknown[] => [
  name,
  JSON.stringify(targets),
  strategy,
  hedgeAfterMs,
  revision,
];
