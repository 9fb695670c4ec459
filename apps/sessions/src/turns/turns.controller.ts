import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  checkpointKept,
  checkpointTurnRequest,
  completeTurnRequest,
  interruptTurnRequest,
  maxQuestionBytes,
  openTurn,
  openTurnRequest,
  turnKept,
  type CheckpointKept,
  type CheckpointTurnRequest,
  type CompleteTurnRequest,
  type Identity,
  type InterruptTurnRequest,
  type OpenedTurn,
  type OpenTurnRequest,
  type QueuedTurn,
} from '@parley/contracts';
import { Caller, Permit, Public } from '@parley/identity';
import { BodyLimit, Returns } from '@parley/service-kit';
import { z } from 'zod';
import { TurnOpening } from './turn-opening.js';
import { TurnsService } from './turns.service.js';

const id = { schema: z.uuid() };

/** For the gateway alone: the edge routes nothing under `/internal`. The lease that a turn is opened with is the credential for the rest of it. */
@Controller('internal')
@BodyLimit(maxQuestionBytes)
export class TurnsController {
  constructor(
    private readonly opening: TurnOpening,
    private readonly turns: TurnsService,
  ) {}

  @Post('sessions/:id/turns')
  @Permit('sessions:write')
  @ApiOperation({ summary: 'Open a turn: store the input, answer the whole conversation; or have it wait' })
  @Returns(200, openTurn.response)
  open(
    @Caller() caller: Identity,
    @Param('id', id) sessionId: string,
    @Body({ schema: openTurnRequest }) body: OpenTurnRequest,
  ): Promise<OpenedTurn | QueuedTurn> {
    return this.opening.open(caller, sessionId, body);
  }

  @Post('turns/:id/checkpoint')
  @Public()
  @ApiOperation({ summary: 'Keep what has come of the answer' })
  @Returns(200, checkpointKept)
  checkpoint(
    @Param('id', id) turnId: string,
    @Body({ schema: checkpointTurnRequest }) body: CheckpointTurnRequest,
  ): Promise<CheckpointKept> {
    return this.turns.checkpoint(turnId, body);
  }

  @Post('turns/:id/complete')
  @Public()
  @ApiOperation({ summary: 'Store the whole answer' })
  @Returns(200, turnKept)
  async complete(@Param('id', id) turnId: string, @Body({ schema: completeTurnRequest }) body: CompleteTurnRequest) {
    await this.turns.complete(turnId, body);
    return {};
  }

  @Post('turns/:id/interrupt')
  @Public()
  @ApiOperation({ summary: 'Store the part of the answer that came' })
  @Returns(200, turnKept)
  async interrupt(@Param('id', id) turnId: string, @Body({ schema: interruptTurnRequest }) body: InterruptTurnRequest) {
    await this.turns.interrupt(turnId, body);
    return {};
  }
}
