import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { sessionUsageQuery, sessionUsageReport, type Identity, type SessionUsageQuery } from '@parley/contracts';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { SessionUsageService } from './session-usage.service.js';

@RateLimited()
@Controller('v1/analytics/sessions')
export class SessionUsageController {
  constructor(private readonly sessions: SessionUsageService) {}

  /** Sessions of the caller's tenant and their turns, in sum and by day and project. */
  @Get()
  @ApiOperation({ summary: 'Report sessions and their turns' })
  @Permit('usage:read')
  @Returns(200, sessionUsageReport)
  report(@Caller() caller: Identity, @Query({ schema: sessionUsageQuery }) query: SessionUsageQuery) {
    return this.sessions.report(caller, query);
  }
}
