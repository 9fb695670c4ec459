import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  maxQuestionBytes,
  openTurn,
  openWaitingTurnRequest,
  turnKept,
  waitingTurn,
  waitingTurnRequest,
  type OpenedTurn,
  type OpenWaitingTurnRequest,
  type QueuedTurn,
  type WaitingTurn,
  type WaitingTurnRequest,
} from '@parley/contracts';
import { Public } from '@parley/identity';
import { BodyLimit, Returns } from '@parley/service-kit';
import { z } from 'zod';
import { TurnOpening } from './turn-opening.js';

const id = { schema: z.uuid() };

/** For the gateway of a turn that waits, which has the lease for a credential. */
@Controller('internal/turns/:id')
@Public()
export class TurnQueueController {
  constructor(private readonly opening: TurnOpening) {}

  @Post('wait')
  @ApiOperation({ summary: 'Keep the place of a turn that waits' })
  @Returns(200, waitingTurn)
  wait(
    @Param('id', id) turnId: string,
    @Body({ schema: waitingTurnRequest }) body: WaitingTurnRequest,
  ): Promise<WaitingTurn> {
    return this.opening.wait(turnId, body);
  }

  @Post('leave')
  @ApiOperation({ summary: 'Give up the place of a turn that waits' })
  @Returns(200, turnKept)
  async leave(@Param('id', id) turnId: string, @Body({ schema: waitingTurnRequest }) body: WaitingTurnRequest) {
    await this.opening.leave(turnId, body);
    return {};
  }

  @Post('open')
  @BodyLimit(maxQuestionBytes)
  @ApiOperation({ summary: 'Open a turn that has waited' })
  @Returns(200, openTurn.response)
  open(
    @Param('id', id) turnId: string,
    @Body({ schema: openWaitingTurnRequest }) body: OpenWaitingTurnRequest,
  ): Promise<OpenedTurn | QueuedTurn> {
    return this.opening.openWaiting(turnId, body);
  }
}
