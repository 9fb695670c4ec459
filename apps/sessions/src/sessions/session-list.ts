import { Injectable } from '@nestjs/common';
import { toPage, type Identity, type SessionPage, type SessionsQuery } from '@parley/contracts';
import { Database } from '@parley/persistence';
import { listing } from './session-listing.js';
import { toSession, type Session } from './session.js';

/** A tenant's sessions, page by page: what does not change meanwhile is in the pages once, whatever else does. */
@Injectable()
export class SessionList {
  constructor(private readonly database: Database) {}

  /** @throws AppError cursor.invalid, also for one of another order. */
  page({ tenantId }: Identity, query: SessionsQuery): Promise<SessionPage> {
    const { text, params } = listing(tenantId, query);
    return this.database.inTenant(tenantId, async (tx) => {
      const rows = await tx.query<Session & { readonly sortKey: string }>(text, params);
      const page = toPage(rows, query.limit, ({ sortKey, id }) => [query.sort, sortKey, id]);
      return { ...page, data: page.data.map(toSession) };
    });
  }
}
