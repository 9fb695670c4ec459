import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  createSessionRequest,
  session,
  sessionPage,
  sessionsQuery,
  sessionWithMessages,
  updateSessionRequest,
  type CreateSessionRequest,
  type Identity,
  type Session,
  type SessionPage,
  type SessionsQuery,
  type SessionWithMessages,
  type UpdateSessionRequest,
} from '@parley/contracts';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { z } from 'zod';
import { SessionArchive } from './session-archive.js';
import { SessionList } from './session-list.js';
import { SessionsService } from './sessions.service.js';

const byId = { schema: z.uuid() };

@RateLimited()
@Controller('v1/sessions')
export class SessionsController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly lists: SessionList,
    private readonly archives: SessionArchive,
  ) {}

  @Post()
  @Permit('sessions:write')
  @ApiOperation({ summary: 'Create a session, which keeps a conversation' })
  @Returns(201, session)
  create(
    @Caller() caller: Identity,
    @Body({ schema: createSessionRequest }) body: CreateSessionRequest,
  ): Promise<Session> {
    return this.sessions.create(caller, body);
  }

  @Get()
  @Permit('sessions:read')
  @ApiOperation({
    summary: 'List the sessions of the tenant that fit every filter, newest first unless sorted otherwise',
  })
  @Returns(200, sessionPage)
  list(@Caller() caller: Identity, @Query({ schema: sessionsQuery }) query: SessionsQuery): Promise<SessionPage> {
    return this.lists.page(caller, query);
  }

  @Get(':id')
  @Permit('sessions:read')
  @ApiOperation({ summary: 'Read a session with its newest messages, oldest first, at most 1,000 and 4 MiB' })
  @Returns(200, sessionWithMessages)
  get(@Caller() caller: Identity, @Param('id', byId) id: string): Promise<SessionWithMessages> {
    return this.sessions.get(caller, id);
  }

  @Patch(':id')
  @Permit('sessions:write')
  @ApiOperation({ summary: 'Change a session; null takes a value away' })
  @Returns(200, session)
  update(
    @Caller() caller: Identity,
    @Param('id', byId) id: string,
    @Body({ schema: updateSessionRequest }) body: UpdateSessionRequest,
  ): Promise<Session> {
    return this.sessions.update(caller, id, body);
  }

  @Delete(':id')
  @Permit('sessions:write')
  @ApiOperation({ summary: 'Delete a session and its messages' })
  @Returns(204)
  delete(@Caller() caller: Identity, @Param('id', byId) id: string): Promise<void> {
    return this.sessions.delete(caller, id);
  }

  @Post(':id/archive')
  @Permit('sessions:write')
  @ApiOperation({ summary: 'Archive a session: it stays readable, and takes no messages until it is restored' })
  @Returns(200, session)
  archive(@Caller() caller: Identity, @Param('id', byId) id: string): Promise<Session> {
    return this.archives.archive(caller, id);
  }

  @Post(':id/restore')
  @Permit('sessions:write')
  @ApiOperation({ summary: 'Restore an archived session' })
  @Returns(200, session)
  restore(@Caller() caller: Identity, @Param('id', byId) id: string): Promise<Session> {
    return this.archives.restore(caller, id);
  }
}
