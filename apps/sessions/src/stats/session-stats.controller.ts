import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { sessionStats, type Identity, type SessionStats } from '@parley/contracts';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { z } from 'zod';
import { SessionStatsService } from './session-stats.service.js';

@RateLimited()
@Controller('v1/sessions/:id/stats')
export class SessionStatsController {
  constructor(private readonly stats: SessionStatsService) {}

  @Get()
  @Permit('sessions:read')
  @ApiOperation({
    summary: 'Count what a session has, took and cost: messages, turns, tokens, latency, tools, by model',
  })
  @Returns(200, sessionStats)
  get(@Caller() caller: Identity, @Param('id', { schema: z.uuid() }) id: string): Promise<SessionStats> {
    return this.stats.of(caller, id);
  }
}
