import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { maxQuestionBytes, type Identity } from '@parley/contracts';
import { anthropicError, anthropicErrors } from '@parley/dialects';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { BodyLimit, Returns, UseErrorDialect } from '@parley/service-kit';
import type { FastifyReply } from 'fastify';
import { modelCalls } from '../call-limits/model-calls.js';
import { anthropicDialect } from '../dialects/anthropic/index.js';
import { countTokensRequest, messagesRequest } from '../dialects/anthropic/request.schema.js';
import { AnswersService } from './answers.service.js';
import { Completion, VendorBody } from './documented.js';
import { tokenCount, TokenCountsService, type TokenCount } from './token-counts.service.js';

@RateLimited({ headers: () => anthropicDialect.limitHeaders })
@UseErrorDialect(anthropicErrors, anthropicError)
@Controller('v1/messages')
export class MessagesController {
  constructor(
    private readonly answers: AnswersService,
    private readonly counts: TokenCountsService,
  ) {}

  /** Anthropic's messages, plain and streamed. */
  @Post()
  @Completion('Anthropic', messagesRequest)
  @RateLimited(modelCalls(anthropicDialect))
  @BodyLimit(maxQuestionBytes)
  @Permit('completions:create')
  create(@Caller() caller: Identity, @Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    return this.answers.send(anthropicDialect, caller, body, reply);
  }

  /** Counted by Anthropic; a model of another provider is 400, since an estimate is not a count. */
  @Post('count_tokens')
  @ApiOperation({ summary: 'Count the tokens of a question, in the dialect of Anthropic' })
  @VendorBody(countTokensRequest)
  @Returns(200, tokenCount)
  @BodyLimit(maxQuestionBytes)
  @Permit('completions:create')
  count(
    @Caller() caller: Identity,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenCount> {
    return this.counts.count(caller, body, reply);
  }
}
