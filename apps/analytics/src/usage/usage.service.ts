import { Injectable } from '@nestjs/common';
import type { Identity, UsageDimension, UsageQuery, UsageReport } from '@parley/contracts';
import { Clock } from '@parley/service-kit';
import { resolveRange } from '../report/day-range.js';
import { ReportRepository } from '../report/report.repository.js';
import { toTokens, type TokenSums } from '../report/token-sums.js';
import { usageBreakdown } from './usage-breakdown.js';

/** Numbers of any length come as text, a sum of costs exactly so. */
type Sums = TokenSums & Readonly<Record<'requests' | 'unpriced' | 'cost_usd', string>>;
/** Of the columns that the report is grouped by. */
type Group = Readonly<Record<UsageDimension, string | null>>;

@Injectable()
export class UsageService {
  constructor(
    private readonly reports: ReportRepository,
    private readonly clock: Clock,
  ) {}

  async report(caller: Identity, query: UsageQuery): Promise<UsageReport> {
    const range = resolveRange(query, new Date(this.clock.now()));
    const breakdown = usageBreakdown(caller.tenantId, range, query);
    const { total, data, next_cursor } = await this.reports.read<Sums, Group>(caller.tenantId, breakdown, query);
    const grouped = (row: (typeof data)[number]) => Object.fromEntries(query.group_by.map((name) => [name, row[name]]));
    return {
      ...range,
      ...toUsage(total),
      data: data.map((row) => ({ day: null, model: null, api_key_id: null, ...grouped(row), ...toUsage(row) })),
      next_cursor,
    };
  }
}

const toUsage = (row: Sums) => ({
  requests: Number(row.requests),
  tokens: toTokens(row),
  cost_usd: row.cost_usd,
  unpriced_requests: Number(row.unpriced),
});
