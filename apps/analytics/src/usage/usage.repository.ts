import { Injectable } from '@nestjs/common';
import type { TokenCounts, UsageRecord } from '@parley/contracts';
import type { Transaction } from '@parley/persistence';
import type { DayRange } from './usage.js';

export interface UsageFilter extends DayRange {
  readonly model?: string | undefined;
  readonly apiKeyId?: string | undefined;
}

/** Requests and tokens of one day, model and key. */
export interface UsageSum {
  readonly day: string;
  readonly model: string;
  readonly apiKeyId: string | null;
  readonly requests: number;
  readonly tokens: TokenCounts;
}

/** Sort key of a row of the report: newest day first, then model, then key (calls without a key first). */
export type UsageKey = readonly [day: string, model: string, apiKeyId: string | null];

interface SumRow {
  readonly day: string;
  readonly model: string;
  readonly api_key_id: string | null;
  readonly requests: string;
  readonly input: string;
  readonly output: string;
  readonly cache_read: string;
  readonly cache_write: string;
  readonly reasoning: string;
}

const sums = `coalesce(sum(requests), 0) as requests, coalesce(sum(input), 0) as input, coalesce(sum(output), 0) as output,
  coalesce(sum(cache_read), 0) as cache_read, coalesce(sum(cache_write), 0) as cache_write,
  coalesce(sum(reasoning), 0) as reasoning`;
const filter = `tenant_id = $1 and day between $2 and $3 and ($4::text is null or model = $4) and ($5::uuid is null or api_key_id = $5)`;
const noKey = `'00000000-0000-0000-0000-000000000000'::uuid`;

/** Named, so that each connection plans it once: planning takes as long as recording a small batch. */
const recordStatement = {
  name: 'analytics_usage_record',
  text: `with fresh as (
     insert into usage_records (id, tenant_id, occurred_at, request_id, subject, api_key_id, dialect, provider, model,
       provider_model, streamed, outcome, estimated, duration_ms, input, output, cache_read, cache_write, reasoning)
     select r.id, $1, r.occurred_at, r.request_id, r.subject, r.api_key_id, r.dialect, r.provider, r.model,
       r.provider_model, r.streamed, r.outcome, r.estimated, r.duration_ms,
       (r.tokens->>'input')::bigint, (r.tokens->>'output')::bigint, (r.tokens->>'cache_read')::bigint,
       (r.tokens->>'cache_write')::bigint, (r.tokens->>'reasoning')::bigint
     from jsonb_to_recordset($2::jsonb) as r(id uuid, occurred_at timestamptz, request_id text, subject uuid,
       api_key_id uuid, dialect text, provider text, model text, provider_model text, streamed boolean, outcome text,
       estimated boolean, duration_ms int, tokens jsonb)
     on conflict (id) do nothing
     returning *
   )
   insert into usage_daily (tenant_id, day, model, api_key_id, requests, input, output, cache_read, cache_write, reasoning)
   select tenant_id, (occurred_at at time zone 'utc')::date, model, api_key_id, count(*),
     sum(input), sum(output), sum(cache_read), sum(cache_write), sum(reasoning)
   from fresh group by 1, 2, 3, 4 order by 2, 3, 4
   on conflict (tenant_id, day, model, api_key_id) do update set
     requests = usage_daily.requests + excluded.requests,
     input = usage_daily.input + excluded.input,
     output = usage_daily.output + excluded.output,
     cache_read = usage_daily.cache_read + excluded.cache_read,
     cache_write = usage_daily.cache_write + excluded.cache_write,
     reasoning = usage_daily.reasoning + excluded.reasoning`,
};

@Injectable()
export class UsageRepository {
  /**
   * Adds records to the ledger and to the daily sums in one statement; a record that the ledger has is left out of both.
   * Sums are locked in key order, so that concurrent batches of one tenant wait for each other and never deadlock.
   */
  async record(tx: Transaction, tenantId: string, records: readonly UsageRecord[]): Promise<void> {
    await tx.query(recordStatement, [tenantId, JSON.stringify(records)]);
  }

  async total(tx: Transaction, tenantId: string, f: UsageFilter): Promise<Pick<UsageSum, 'requests' | 'tokens'>> {
    const [row] = await tx.query<SumRow>(`select ${sums} from usage_daily where ${filter}`, parameters(tenantId, f));
    if (row === undefined) throw new Error('an aggregate without groups has one row');
    return toCounts(row);
  }

  /** Rows behind `after` in the order of {@link UsageKey}, one more than `limit` when there are more. */
  async list(
    tx: Transaction,
    tenantId: string,
    f: UsageFilter,
    page: { after?: UsageKey | undefined; limit: number },
  ): Promise<UsageSum[]> {
    const [day, model, key] = page.after ?? [null, null, null];
    const rows = await tx.query<SumRow>(
      `select to_char(day, 'YYYY-MM-DD') as day, model, api_key_id, requests, input, output, cache_read, cache_write, reasoning
       from usage_daily
       where ${filter} and ($6::date is null or day < $6 or (day = $6 and
         (model, coalesce(api_key_id, ${noKey})) > ($7::text, coalesce($8::uuid, ${noKey}))))
       order by usage_daily.day desc, model, coalesce(api_key_id, ${noKey})
       limit $9`,
      [...parameters(tenantId, f), day, model, key, page.limit + 1],
    );
    return rows.map((row) => ({ day: row.day, model: row.model, apiKeyId: row.api_key_id, ...toCounts(row) }));
  }
}

const parameters = (tenantId: string, f: UsageFilter) => [tenantId, f.from, f.to, f.model ?? null, f.apiKeyId ?? null];

/** bigint and numeric arrive as text; sums stay far below 2^53. */
const toCounts = (row: SumRow): Pick<UsageSum, 'requests' | 'tokens'> => ({
  requests: Number(row.requests),
  tokens: {
    input: Number(row.input),
    output: Number(row.output),
    cache_read: Number(row.cache_read),
    cache_write: Number(row.cache_write),
    reasoning: Number(row.reasoning),
  },
});
