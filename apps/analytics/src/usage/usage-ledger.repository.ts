import { Injectable } from '@nestjs/common';
import type { UsageRecord } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';

/** Named, so that each connection plans it once: planning takes as long as recording a small batch. */
const recordStatement = {
  name: 'analytics_usage_record',
  text: `with fresh as (
     insert into usage_records (id, tenant_id, occurred_at, request_id, subject, api_key_id, dialect, provider, model,
       provider_model, streamed, outcome, estimated, duration_ms, session_id, project_id, expert_query_id,
       input, output, cache_read, cache_write, reasoning, cost_usd)
     select r.id, $1, r.occurred_at, r.request_id, r.subject, r.api_key_id, r.dialect, r.provider, r.model,
       r.provider_model, r.streamed, r.outcome, r.estimated, r.duration_ms, r.session_id, r.project_id, r.expert_query_id,
       (r.tokens->>'input')::bigint, (r.tokens->>'output')::bigint, (r.tokens->>'cache_read')::bigint,
       (r.tokens->>'cache_write')::bigint, (r.tokens->>'reasoning')::bigint, r.cost_usd
     from jsonb_to_recordset($2::jsonb) as r(id uuid, occurred_at timestamptz, request_id text, subject uuid,
       api_key_id uuid, dialect text, provider text, model text, provider_model text, streamed boolean, outcome text,
       estimated boolean, duration_ms int, session_id uuid, project_id uuid, expert_query_id uuid, tokens jsonb, cost_usd numeric)
     on conflict (id) do nothing
     returning *
   )
   insert into usage_daily (tenant_id, day, model, api_key_id, requests, input, output, cache_read, cache_write, reasoning,
     cost_usd, priced)
   select tenant_id, (occurred_at at time zone 'utc')::date, model, api_key_id, count(*),
     sum(input), sum(output), sum(cache_read), sum(cache_write), sum(reasoning), coalesce(sum(cost_usd), 0), count(cost_usd)
   from fresh group by 1, 2, 3, 4 order by 2, 3, 4
   on conflict (tenant_id, day, model, api_key_id) do update set
     requests = usage_daily.requests + excluded.requests,
     input = usage_daily.input + excluded.input,
     output = usage_daily.output + excluded.output,
     cache_read = usage_daily.cache_read + excluded.cache_read,
     cache_write = usage_daily.cache_write + excluded.cache_write,
     reasoning = usage_daily.reasoning + excluded.reasoning,
     cost_usd = usage_daily.cost_usd + excluded.cost_usd,
     priced = usage_daily.priced + excluded.priced`,
};

@Injectable()
export class UsageLedgerRepository {
  /**
   * Adds records to the ledger and to the daily sums in one statement; a record that the ledger has is left out of both.
   * Sums are locked in key order, so that concurrent batches of one tenant wait for each other and never deadlock.
   */
  async record(tx: Transaction, tenantId: string, records: readonly UsageRecord[]): Promise<void> {
    await tx.query(recordStatement, [tenantId, JSON.stringify(records)]);
  }

  /** Takes a deleted session's name off its records, and off those that may still come (see LedgerRetention). */
  async forgetSession(tx: Transaction, tenantId: string, sessionId: string): Promise<void> {
    await tx.query('insert into deleted_sessions (tenant_id, session_id) values ($1, $2) on conflict do nothing', [
      tenantId,
      sessionId,
    ]);
    await tx.query('update usage_records set session_id = null where tenant_id = $1 and session_id = $2', [
      tenantId,
      sessionId,
    ]);
  }
}
