import { Injectable } from '@nestjs/common';
import type { Identity, ToolUsageQuery, ToolUsageReport } from '@parley/contracts';
import { Clock } from '@parley/service-kit';
import { resolveRange } from '../report/day-range.js';
import { ReportRepository } from '../report/report.repository.js';
import { toHistogram } from './duration-classes.js';
import { toolUsageBreakdown } from './tool-usage-breakdown.js';

interface Sums {
  readonly calls: string;
  readonly errors: string;
  readonly duration_ms: string | null;
  readonly max_ms: number | null;
  readonly histogram: readonly string[];
}

type Group = { readonly day: string; readonly tool_id: string; readonly api_key_id: string | null };

@Injectable()
export class ToolUsageService {
  constructor(
    private readonly reports: ReportRepository,
    private readonly clock: Clock,
  ) {}

  async report(caller: Identity, query: ToolUsageQuery): Promise<ToolUsageReport> {
    const range = resolveRange(query, new Date(this.clock.now()));
    const breakdown = toolUsageBreakdown(caller.tenantId, range, query);
    const { total, data, next_cursor } = await this.reports.read<Sums, Group>(caller.tenantId, breakdown, query);
    return {
      ...range,
      ...toCounts(total),
      data: data.map((row) => ({ day: row.day, tool_id: row.tool_id, api_key_id: row.api_key_id, ...toCounts(row) })),
      next_cursor,
    };
  }
}

const toCounts = (row: Sums) => ({
  calls: Number(row.calls),
  errors: Number(row.errors),
  duration: {
    mean_ms: row.duration_ms === null ? null : Number(row.duration_ms) / Number(row.calls),
    max_ms: row.max_ms,
    histogram: toHistogram(row.histogram.map(Number)),
  },
});
