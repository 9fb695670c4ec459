import { Injectable } from '@nestjs/common';
import {
  AppError,
  decodeCursor,
  toPage,
  type ExpertQuery,
  type ExpertQueryPage,
  type Identity,
  type PageQuery,
} from '@parley/contracts';
import { Database } from '@parley/persistence';
import { z } from 'zod';
import { QueriesRepository } from './queries.repository.js';
import { toExpertQuery } from './query.js';

/** The last query of a page. */
const cursorKey = z.tuple([z.uuid()]);

/** What was asked and answered, for reading. */
@Injectable()
export class QueryArchive {
  constructor(
    private readonly database: Database,
    private readonly repository: QueriesRepository,
  ) {}

  /** With the answers that have come so far. @throws AppError expert_query.not_found, also for another tenant's query. */
  get({ tenantId }: Identity, id: string): Promise<ExpertQuery> {
    return this.database.inTenant(tenantId, async (tx) => {
      const [query, answers] = await Promise.all([
        this.repository.find(tx, { tenantId, id }),
        this.repository.answers(tx, tenantId, [id]),
      ]);
      if (!query) throw new AppError('expert_query.not_found');
      return toExpertQuery(query, answers.get(id) ?? []);
    });
  }

  /** Newest first. */
  list({ tenantId }: Identity, { limit, cursor }: PageQuery): Promise<ExpertQueryPage> {
    const [before] = cursor === undefined ? [null] : decodeCursor(cursorKey, cursor);
    return this.database.inTenant(tenantId, async (tx) => {
      const queries = await this.repository.list(tx, tenantId, limit + 1, before);
      const page = toPage(queries, limit, ({ id }) => [id]);
      const ids = page.data.map(({ id }) => id);
      const answers = await this.repository.answers(tx, tenantId, ids);
      return { ...page, data: page.data.map((query) => toExpertQuery(query, answers.get(query.id) ?? [])) };
    });
  }
}
