import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { usageQuery, usageReport, type Identity, type UsageQuery } from '@parley/contracts';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { UsageService } from './usage.service.js';

@RateLimited()
@Controller('v1/analytics/usage')
export class UsageController {
  constructor(private readonly usage: UsageService) {}

  /** Requests and tokens of the caller's tenant, in sum and as `group_by` breaks them down. */
  @Get()
  @ApiOperation({ summary: 'Report requests and tokens' })
  @Permit('usage:read')
  @Returns(200, usageReport)
  report(@Caller() caller: Identity, @Query({ schema: usageQuery }) query: UsageQuery) {
    return this.usage.report(caller, query);
  }
}
