import type { ToolUsageQuery } from '@parley/contracts';
import type { Breakdown } from '../report/breakdown.js';
import type { DayRange } from '../report/day-range.js';
import { durationBounds } from './duration-classes.js';

const callsOf = (duration: string) => `coalesce(sum(calls) filter (where up_to_ms ${duration}), 0)`;
const classes = [...durationBounds.map((bound) => callsOf(`= ${bound}`)), callsOf('is null')];

export function toolUsageBreakdown(tenantId: string, range: DayRange, query: ToolUsageQuery): Breakdown {
  return {
    source: 'tool_daily as report',
    where: `tenant_id = $1 and day between $2 and $3 and ($4::text is null or tool_id = $4)
      and ($5::uuid is null or api_key_id = $5)`,
    params: [tenantId, range.from, range.to, query.tool_id ?? null, query.api_key_id ?? null],
    sums: `coalesce(sum(calls), 0) as calls, coalesce(sum(errors), 0) as errors, sum(duration_ms) as duration_ms,
      max(max_ms) as max_ms, array[${classes.join(', ')}]::bigint[] as histogram`,
    dimensions: [
      { name: 'day', kind: 'day' },
      { name: 'tool_id', kind: 'text' },
      { name: 'api_key_id', kind: 'uuid' },
    ],
  };
}
