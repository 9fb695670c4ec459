import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { maxQuestionBytes, summariseTurnRequest, turnKept, type SummariseTurnRequest } from '@parley/contracts';
import { Public } from '@parley/identity';
import { BodyLimit, Returns } from '@parley/service-kit';
import { z } from 'zod';
import { TurnSummaries } from './turn-summaries.js';

/** For the gateway alone, by the lease of its turn. */
@Controller('internal/turns/:id/summary')
export class TurnSummariesController {
  constructor(private readonly summaries: TurnSummaries) {}

  @Post()
  @Public()
  @BodyLimit(maxQuestionBytes)
  @ApiOperation({ summary: 'Keep a summary of what was said before the turn' })
  @Returns(200, turnKept)
  async keep(
    @Param('id', { schema: z.uuid() }) turnId: string,
    @Body({ schema: summariseTurnRequest }) body: SummariseTurnRequest,
  ) {
    await this.summaries.keep(turnId, body);
    return {};
  }
}
