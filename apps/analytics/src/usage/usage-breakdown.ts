import { usageDimensions, type UsageDimension, type UsageQuery } from '@parley/contracts';
import type { Breakdown, Dimension } from '../report/breakdown.js';
import type { DayRange } from '../report/day-range.js';
import { tokenSums } from '../report/token-sums.js';

const kinds: Record<UsageDimension, Dimension['kind']> = {
  day: 'day',
  model: 'text',
  api_key_id: 'uuid',
  session_id: 'uuid',
  project_id: 'uuid',
  expert_query_id: 'uuid',
};

/** What the daily sums do not know. */
const inLedgerOnly = ['session_id', 'project_id', 'expert_query_id'] as const;

const dailySums = { source: 'usage_daily as report', within: 'day between $2 and $3' };

const ledger = {
  source: `(select *, (occurred_at at time zone 'utc')::date as day, 1 as requests,
    (cost_usd is not null)::int as priced from usage_records) as report`,
  within: `occurred_at >= $2::date::timestamp at time zone 'utc'
    and occurred_at < ($3::date + 1)::timestamp at time zone 'utc'`,
};

/** From the daily sums where they know enough, else from the ledger. */
export function usageBreakdown(tenantId: string, range: DayRange, query: UsageQuery): Breakdown {
  const needsLedger = inLedgerOnly.some((name) => query[name] !== undefined || query.group_by.includes(name));
  const { source, within } = needsLedger ? ledger : dailySums;
  const filters = usageDimensions.filter((name) => name !== 'day').filter((name) => query[name] !== undefined);
  return {
    source,
    where: ['tenant_id = $1', within, ...filters.map((name, i) => `${name} = $${4 + i}`)].join(' and '),
    params: [tenantId, range.from, range.to, ...filters.map((name) => query[name])],
    sums: `coalesce(sum(requests), 0) as requests, ${tokenSums},
      trim_scale(coalesce(sum(cost_usd), 0)) as cost_usd, coalesce(sum(requests - priced), 0) as unpriced`,
    dimensions: query.group_by.map((name) => ({ name, kind: kinds[name] })),
  };
}
