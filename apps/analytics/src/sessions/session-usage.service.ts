import { Injectable } from '@nestjs/common';
import type { Identity, SessionUsageQuery, SessionUsageReport } from '@parley/contracts';
import { Clock } from '@parley/service-kit';
import type { Breakdown } from '../report/breakdown.js';
import { resolveRange, type DayRange } from '../report/day-range.js';
import { ReportRepository } from '../report/report.repository.js';
import { tokenSums, toTokens, type TokenSums } from '../report/token-sums.js';
import type { SessionCount } from './session-usage.repository.js';

type Sums = TokenSums & Readonly<Record<SessionCount, string>>;
type Group = { readonly day: string; readonly project_id: string | null };

@Injectable()
export class SessionUsageService {
  constructor(
    private readonly reports: ReportRepository,
    private readonly clock: Clock,
  ) {}

  async report(caller: Identity, query: SessionUsageQuery): Promise<SessionUsageReport> {
    const range = resolveRange(query, new Date(this.clock.now()));
    const breakdown = breakdownOf(caller.tenantId, range, query);
    const { total, data, next_cursor } = await this.reports.read<Sums, Group>(caller.tenantId, breakdown, query);
    return {
      ...range,
      ...toCounts(total),
      data: data.map((row) => ({ day: row.day, project_id: row.project_id, ...toCounts(row) })),
      next_cursor,
    };
  }
}

const breakdownOf = (tenantId: string, range: DayRange, query: SessionUsageQuery): Breakdown => ({
  source: 'session_daily as report',
  where: 'tenant_id = $1 and day between $2 and $3 and ($4::uuid is null or project_id = $4)',
  params: [tenantId, range.from, range.to, query.project_id ?? null],
  sums: `coalesce(sum(created), 0) as created, coalesce(sum(deleted), 0) as deleted,
    coalesce(sum(completed), 0) as completed, coalesce(sum(interrupted), 0) as interrupted, ${tokenSums}`,
  dimensions: [
    { name: 'day', kind: 'day' },
    { name: 'project_id', kind: 'uuid' },
  ],
});

const toCounts = (row: Sums) => ({
  sessions_created: Number(row.created),
  sessions_deleted: Number(row.deleted),
  turns_completed: Number(row.completed),
  turns_interrupted: Number(row.interrupted),
  tokens: toTokens(row),
});
