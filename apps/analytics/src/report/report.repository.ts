import { Injectable } from '@nestjs/common';
import { decodeCursor, toPage } from '@parley/contracts';
import { Database, type Transaction } from '@parley/persistence';
import { cursorSchema, pageStatement, totalStatement, type Breakdown, type Statement } from './breakdown.js';

type Columns = Readonly<Record<string, string | null>>;

export interface Report<Sums, Group extends Columns> {
  readonly total: Sums;
  readonly data: readonly (Sums & Group)[];
  readonly next_cursor: string | null;
}

@Injectable()
export class ReportRepository {
  constructor(private readonly database: Database) {}

  /** Total and rows are of one moment. `Sums` and `Group` are the breakdown's sums and dimensions as the driver gives them. */
  read<Sums, Group extends Columns>(
    tenantId: string,
    breakdown: Breakdown,
    { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
  ): Promise<Report<Sums, Group>> {
    const names = breakdown.dimensions.map(({ name }) => name);
    const after = cursor === undefined ? undefined : decodeCursor(cursorSchema(breakdown.dimensions), cursor);
    return this.database.inSnapshot(tenantId, async (tx) => {
      const [[total], rows] = await Promise.all([
        query<Sums>(tx, totalStatement(breakdown)),
        query<Sums & Group>(tx, pageStatement(breakdown, { after, limit })),
      ]);
      if (total === undefined) throw new Error('an aggregate without groups has one row');
      return { total, ...toPage(rows, limit, (row) => names.map((name) => row[name])) };
    });
  }
}

const query = <T>(tx: Transaction, { text, params }: Statement): Promise<T[]> => tx.query<T>(text, params);
