import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOperation } from '@nestjs/swagger';
import {
  stoppingTurn,
  stopTurnRequest,
  type Identity,
  type StopTurnRequest,
  type StoppingTurn,
} from '@parley/contracts';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { z } from 'zod';
import { TurnStops } from './turn-stops.js';

@RateLimited()
@Controller('v1/sessions')
export class TurnStopsController {
  constructor(private readonly stops: TurnStops) {}

  @Post(':id/stop')
  @Permit('sessions:write')
  @ApiOperation({ summary: 'Stop the answer that is under way; what has come of it is kept, marked interrupted' })
  @ApiBody({ required: false })
  @Returns(202, stoppingTurn)
  stop(
    @Caller() caller: Identity,
    @Param('id', { schema: z.uuid() }) sessionId: string,
    @Body({ schema: stopTurnRequest }) body: StopTurnRequest,
  ): Promise<StoppingTurn> {
    return this.stops.stop(caller, sessionId, body);
  }
}
