import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { toolUsageQuery, toolUsageReport, type Identity, type ToolUsageQuery } from '@parley/contracts';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { ToolUsageService } from './tool-usage.service.js';

@RateLimited()
@Controller('v1/analytics/tools')
export class ToolUsageController {
  constructor(private readonly tools: ToolUsageService) {}

  /** Calls of tools by the caller's tenant, their errors and durations, in sum and by day, tool and key. */
  @Get()
  @ApiOperation({ summary: 'Report calls of tools' })
  @Permit('usage:read')
  @Returns(200, toolUsageReport)
  report(@Caller() caller: Identity, @Query({ schema: toolUsageQuery }) query: ToolUsageQuery) {
    return this.tools.report(caller, query);
  }
}
