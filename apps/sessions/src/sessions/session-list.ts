import { Injectable } from '@nestjs/common';
import { toPage, type Identity, type SessionPage, type SessionsQuery } from '@parley/contracts';
import { Database } from '@parley/persistence';
import { listing, placeOf, type ListedRow } from './session-listing.js';
import { toListed } from './session.js';

/** A tenant's sessions, page by page: what does not change meanwhile is in the pages once, whatever else does. */
@Injectable()
export class SessionList {
  constructor(private readonly database: Database) {}

  /** @throws AppError cursor.invalid, also for one of another order. */
  page({ tenantId }: Identity, query: SessionsQuery): Promise<SessionPage> {
    const { text, params } = listing(tenantId, query);
    return this.database.readInTenant(tenantId, async (tx) => {
      const rows = await tx.query<ListedRow>(text, params);
      const page = toPage(rows, query.limit, (row) => placeOf(query, row));
      return { ...page, data: page.data.map(toListed) };
    });
  }
}
