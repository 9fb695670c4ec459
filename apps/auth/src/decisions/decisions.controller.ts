import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { decision, decisionQuery, type Decision, type DecisionQuery, type Identity } from '@parley/contracts';
import { Authenticated, Caller } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { DecisionsService } from './decisions.service.js';

@Controller('v1/auth/decision')
@RateLimited()
export class DecisionsController {
  constructor(private readonly decisions: DecisionsService) {}

  @Get()
  @Authenticated()
  @ApiOperation({ summary: 'Explain why the caller may or may not do something; another subject’s needs users:read' })
  @Returns(200, decision)
  explain(@Caller() caller: Identity, @Query({ schema: decisionQuery }) query: DecisionQuery): Promise<Decision> {
    return this.decisions.explain(caller, query);
  }
}
