import { Body, Controller, Post, Res } from '@nestjs/common';
import type { Identity } from '@parley/contracts';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { BodyLimit, UseErrorDialect } from '@parley/service-kit';
import type { FastifyReply } from 'fastify';
import { anthropicErrors } from '../dialects/anthropic/errors.js';
import { anthropicDialect } from '../dialects/anthropic/index.js';
import { messagesRequest } from '../dialects/anthropic/request.schema.js';
import { AnswersService } from './answers.service.js';
import { maxBodyBytes } from './body-limit.js';
import { Completion } from './documented.js';

@RateLimited()
@UseErrorDialect(anthropicErrors)
@Controller('v1/messages')
export class MessagesController {
  constructor(private readonly answers: AnswersService) {}

  /** Anthropic's messages, plain and streamed. */
  @Post()
  @Completion('Anthropic', messagesRequest)
  @BodyLimit(maxBodyBytes)
  @Permit('completions:create')
  create(@Caller() caller: Identity, @Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    return this.answers.send(anthropicDialect, caller, body, reply);
  }
}
