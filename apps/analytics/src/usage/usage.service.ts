import { Injectable } from '@nestjs/common';
import { decodeCursor, toPage, type Identity, type UsageQuery, type UsageReport } from '@parley/contracts';
import { Database } from '@parley/persistence';
import { Clock } from '@parley/service-kit';
import { z } from 'zod';
import { resolveRange } from './usage.js';
import { UsageRepository, type UsageSum } from './usage.repository.js';

const cursorKey = z.tuple([z.iso.date(), z.string(), z.uuid().nullable()]);

@Injectable()
export class UsageService {
  constructor(
    private readonly repository: UsageRepository,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Sums and their breakdown are read in one transaction of the caller's tenant. */
  report(caller: Identity, query: UsageQuery): Promise<UsageReport> {
    const range = resolveRange(query, new Date(this.clock.now()));
    const filter = { ...range, model: query.model, apiKeyId: query.api_key_id };
    const after = query.cursor === undefined ? undefined : decodeCursor(cursorKey, query.cursor);
    return this.database.inTenant(caller.tenantId, async (tx) => {
      const total = await this.repository.total(tx, caller.tenantId, filter);
      const rows = await this.repository.list(tx, caller.tenantId, filter, { after, limit: query.limit });
      const page = toPage(rows, query.limit, (row) => [row.day, row.model, row.apiKeyId]);
      return { ...range, ...total, data: page.data.map(toRow), next_cursor: page.next_cursor };
    });
  }
}

const toRow = ({ day, model, apiKeyId, requests, tokens }: UsageSum) => ({
  day,
  model,
  api_key_id: apiKeyId,
  requests,
  tokens,
});
