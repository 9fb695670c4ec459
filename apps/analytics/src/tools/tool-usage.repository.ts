import { Injectable } from '@nestjs/common';
import type { ToolInvocation } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import { durationBounds } from './duration-classes.js';

const recordStatement = {
  name: 'analytics_tool_record',
  text: `with fresh as (
     insert into tool_invocations (id, tenant_id, occurred_at, tool_id, api_key_id, outcome, duration_ms)
     select r.id, $1, r.occurred_at, r.tool_id, r.api_key_id, r.outcome, r.duration_ms
     from jsonb_to_recordset($2::jsonb) as r(id uuid, occurred_at timestamptz, tool_id text, api_key_id uuid,
       outcome text, duration_ms int)
     on conflict (id) do nothing
     returning *
   )
   insert into tool_daily (tenant_id, day, tool_id, api_key_id, up_to_ms, calls, errors, duration_ms, max_ms)
   select tenant_id, (occurred_at at time zone 'utc')::date, tool_id, api_key_id,
     (select min(bound) from unnest($3::int[]) as bound where bound >= duration_ms),
     count(*), count(*) filter (where outcome <> 'succeeded'), sum(duration_ms), max(duration_ms)
   from fresh group by 1, 2, 3, 4, 5 order by 2, 3, 4, 5
   on conflict (tenant_id, day, tool_id, api_key_id, up_to_ms) do update set
     calls = tool_daily.calls + excluded.calls,
     errors = tool_daily.errors + excluded.errors,
     duration_ms = tool_daily.duration_ms + excluded.duration_ms,
     max_ms = greatest(tool_daily.max_ms, excluded.max_ms)`,
};

@Injectable()
export class ToolUsageRepository {
  /**
   * Adds invocations to the ledger and to the daily sums in one statement; one that the ledger has is left out of both.
   * Sums are locked in key order, so that concurrent batches of one tenant never deadlock.
   */
  async record(tx: Transaction, tenantId: string, invocations: readonly ToolInvocation[]): Promise<void> {
    await tx.query(recordStatement, [tenantId, JSON.stringify(invocations), durationBounds]);
  }
}
