import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  appendMessageRequest,
  messagePage,
  pageQuery,
  sessionMessage,
  type AppendMessageRequest,
  type Identity,
  type PageQuery,
  type SessionMessage,
  type SessionMessagePage,
} from '@parley/contracts';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { z } from 'zod';
import { MessagesService } from './messages.service.js';

const byId = { schema: z.uuid() };

@RateLimited()
@Controller('v1/sessions/:id/messages')
export class MessagesController {
  constructor(private readonly messages: MessagesService) {}

  @Post()
  @Permit('sessions:write')
  @ApiOperation({ summary: 'Add a message without asking a model' })
  @Returns(201, sessionMessage)
  append(
    @Caller() caller: Identity,
    @Param('id', byId) id: string,
    @Body({ schema: appendMessageRequest }) body: AppendMessageRequest,
  ): Promise<SessionMessage> {
    return this.messages.append(caller, id, body);
  }

  @Get()
  @Permit('sessions:read')
  @ApiOperation({
    summary: 'List the messages of the conversation, oldest first; a page ends early where it comes to 4 MiB',
  })
  @Returns(200, messagePage)
  list(
    @Caller() caller: Identity,
    @Param('id', byId) id: string,
    @Query({ schema: pageQuery }) query: PageQuery,
  ): Promise<SessionMessagePage> {
    return this.messages.list(caller, id, query);
  }
}
