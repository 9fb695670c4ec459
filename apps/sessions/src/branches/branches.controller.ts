import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOperation } from '@nestjs/swagger';
import {
  forkSessionRequest,
  rewindSessionRequest,
  session,
  type ForkSessionRequest,
  type Identity,
  type RewindSessionRequest,
  type Session,
} from '@parley/contracts';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { z } from 'zod';
import { BranchesService } from './branches.service.js';

const byId = { schema: z.uuid() };

@RateLimited()
@Controller('v1/sessions/:id')
export class BranchesController {
  constructor(private readonly branches: BranchesService) {}

  @Post('fork')
  @Permit('sessions:write')
  @ApiOperation({ summary: 'Begin a session with a copy of this one’s messages, up to any of them' })
  @ApiBody({ required: false })
  @Returns(201, session)
  fork(
    @Caller() caller: Identity,
    @Param('id', byId) id: string,
    @Body({ schema: forkSessionRequest }) body: ForkSessionRequest,
  ): Promise<Session> {
    return this.branches.fork(caller, id, body);
  }

  @Post('rewind')
  @Permit('sessions:write')
  @ApiOperation({ summary: 'Go on behind any message; what came later stays as a branch' })
  @Returns(200, session)
  rewind(
    @Caller() caller: Identity,
    @Param('id', byId) id: string,
    @Body({ schema: rewindSessionRequest }) body: RewindSessionRequest,
  ): Promise<Session> {
    return this.branches.rewind(caller, id, body.message_id);
  }

  @Post('clear')
  @Permit('sessions:write')
  @ApiOperation({ summary: 'Delete all messages of a session, of every branch; the session stays' })
  @Returns(200, session)
  clear(@Caller() caller: Identity, @Param('id', byId) id: string): Promise<Session> {
    return this.branches.clear(caller, id);
  }
}
