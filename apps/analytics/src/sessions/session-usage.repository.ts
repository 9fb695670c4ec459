import { Injectable } from '@nestjs/common';
import { noTokens, type TokenCounts } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';

/** Where a count belongs. */
export interface SessionDay {
  readonly tenantId: string;
  readonly day: string;
  readonly projectId: string | null;
}

export type SessionCount = 'created' | 'deleted' | 'completed' | 'interrupted';

const addStatement = {
  name: 'analytics_session_add',
  text: `insert into session_daily (tenant_id, day, project_id, created, deleted, completed, interrupted,
     input, output, cache_read, cache_write, reasoning)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
   on conflict (tenant_id, day, project_id) do update set
     created = session_daily.created + excluded.created,
     deleted = session_daily.deleted + excluded.deleted,
     completed = session_daily.completed + excluded.completed,
     interrupted = session_daily.interrupted + excluded.interrupted,
     input = session_daily.input + excluded.input,
     output = session_daily.output + excluded.output,
     cache_read = session_daily.cache_read + excluded.cache_read,
     cache_write = session_daily.cache_write + excluded.cache_write,
     reasoning = session_daily.reasoning + excluded.reasoning`,
};

@Injectable()
export class SessionUsageRepository {
  /** Counts one thing that happened; the inbox sees to it that it is counted once. */
  async add(
    tx: Transaction,
    { tenantId, day, projectId }: SessionDay,
    happened: SessionCount,
    t: TokenCounts = noTokens,
  ): Promise<void> {
    const counts = (['created', 'deleted', 'completed', 'interrupted'] as const).map((one) => Number(one === happened));
    const tokens = [t.input, t.output, t.cache_read, t.cache_write, t.reasoning];
    await tx.query(addStatement, [tenantId, day, projectId, ...counts, ...tokens]);
  }
}
