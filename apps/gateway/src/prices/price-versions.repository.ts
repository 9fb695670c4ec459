import { Injectable } from '@nestjs/common';
import type { ModelPrice } from '@parley/contracts';
import { Database, type Transaction } from '@parley/persistence';

/** A version of a tenant’s prices, as it is kept. */
export interface StoredPriceVersion {
  readonly id: string;
  readonly effectiveFrom: Date;
  readonly source: string;
  readonly models: Readonly<Record<string, ModelPrice>>;
  readonly createdAt: Date;
  readonly createdBy: string;
}

/** What a tenant has of versions, by what bounds them. */
export interface PriceVersionCounts {
  /** That are still to come. */
  readonly scheduled: number;
  /** Made within the last 24 hours, and when the first of those was. */
  readonly ofDay: number;
  readonly dayBegan: Date | null;
}

export const dayMs = 86_400_000;

/** Where a page of versions ends: they are listed by when they begin, the latest first. */
export type PriceVersionPosition = readonly [effectiveFrom: string, id: string];

const columns = `id, effective_from as "effectiveFrom", source, models, created_at as "createdAt",
  created_by as "createdBy"`;
const latestFirst = 'order by effective_from desc, id desc';

@Injectable()
export class PriceVersionsRepository {
  constructor(private readonly database: Database) {}

  inTenant<T>(tenantId: string, fn: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.inTenant(tenantId, fn);
  }

  /** The version that holds at the moment, where there is one, and all that are to come; the latest first. */
  fromThenOn(tenantId: string, moment: Date): Promise<StoredPriceVersion[]> {
    return this.database.queryInScope<StoredPriceVersion>(
      { tenant_id: tenantId },
      `select ${columns} from model_price_versions where tenant_id = $1 and (effective_from > $2 or id = (
         select id from model_price_versions where tenant_id = $1 and effective_from <= $2 ${latestFirst} limit 1
       )) ${latestFirst}`,
      [tenantId, moment],
    );
  }

  /** No other transaction adds to them until this one ends. A version begins when it is made, or later. */
  async lockCounts(tx: Transaction, tenantId: string, moment: Date): Promise<PriceVersionCounts> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended('model_price_versions ' || $1, 0))`, [tenantId]);
    const [row] = await tx.query<PriceVersionCounts>(
      `select count(*) filter (where effective_from > $2)::int as scheduled,
         count(*) filter (where created_at > $3)::int as "ofDay",
         min(created_at) filter (where created_at > $3) as "dayBegan"
       from model_price_versions where tenant_id = $1 and effective_from > $3`,
      [tenantId, moment, new Date(moment.getTime() - dayMs)],
    );
    return row ?? { scheduled: 0, ofDay: 0, dayBegan: null };
  }

  async add(tx: Transaction, tenantId: string, version: StoredPriceVersion): Promise<void> {
    const { id, effectiveFrom, source, models, createdAt, createdBy } = version;
    await tx.query(
      `insert into model_price_versions (id, tenant_id, effective_from, source, models, created_at, created_by)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [id, tenantId, effectiveFrom, source, JSON.stringify(models), createdAt, createdBy],
    );
  }

  /** At most `limit`. */
  list(tx: Transaction, tenantId: string, limit: number, after?: PriceVersionPosition): Promise<StoredPriceVersion[]> {
    const [effectiveFrom, id] = after ?? [null, null];
    return tx.query<StoredPriceVersion>(
      `select ${columns} from model_price_versions
       where tenant_id = $1 and ($2::timestamptz is null or (effective_from, id) < ($2::timestamptz, $3::uuid))
       ${latestFirst} limit $4`,
      [tenantId, effectiveFrom, id, limit],
    );
  }
}
