import { Body, Controller, Get, Headers, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation } from '@nestjs/swagger';
import {
  appendMessageRequest,
  idempotencyKeyDescription,
  idempotencyKeyHeader,
  idempotencyKeyOf,
  messagePage,
  messagesQuery,
  sessionMessage,
  type AppendMessageRequest,
  type Identity,
  type MessagesQuery,
  type SessionMessage,
  type SessionMessagePage,
} from '@parley/contracts';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { z } from 'zod';
import { MessageList } from './message-list.js';
import { MessagesService } from './messages.service.js';

const byId = { schema: z.uuid() };

@RateLimited()
@Controller('v1/sessions/:id/messages')
export class MessagesController {
  constructor(
    private readonly messages: MessagesService,
    private readonly lists: MessageList,
  ) {}

  @Post()
  @Permit('sessions:write')
  @ApiOperation({ summary: 'Add a message without asking a model' })
  @ApiHeader({ name: idempotencyKeyHeader, required: false, description: idempotencyKeyDescription })
  @Returns(201, sessionMessage)
  append(
    @Caller() caller: Identity,
    @Param('id', byId) id: string,
    @Body({ schema: appendMessageRequest }) body: AppendMessageRequest,
    @Headers() headers: Record<string, string | string[] | undefined>,
  ): Promise<SessionMessage> {
    return this.messages.append(caller, id, body, idempotencyKeyOf(headers));
  }

  @Get()
  @Permit('sessions:read')
  @ApiOperation({
    summary:
      'List the messages of the conversation, or of all branches, oldest first; a page ends early where it comes to 4 MiB',
  })
  @Returns(200, messagePage)
  list(
    @Caller() caller: Identity,
    @Param('id', byId) id: string,
    @Query({ schema: messagesQuery }) query: MessagesQuery,
  ): Promise<SessionMessagePage> {
    return this.lists.page(caller, id, query);
  }
}
