import { Body, Controller, Post, Res } from '@nestjs/common';
import { maxQuestionBytes, type Identity } from '@parley/contracts';
import { openaiError, openaiErrors } from '@parley/dialects';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { BodyLimit, UseErrorDialect } from '@parley/service-kit';
import type { FastifyReply } from 'fastify';
import { modelCalls } from '../call-limits/model-calls.js';
import { responsesDialect } from '../dialects/responses/index.js';
import { responseRequest } from '../dialects/responses/request.schema.js';
import { AnswersService } from './answers.service.js';
import { Completion } from './documented.js';

@RateLimited(modelCalls(responsesDialect))
@UseErrorDialect(openaiErrors, openaiError)
@Controller('v1/responses')
export class ResponsesController {
  constructor(private readonly answers: AnswersService) {}

  /** OpenAI's responses, plain and streamed. None is kept, so that there is none to get or to delete. */
  @Post()
  @Completion('OpenAI Responses', responseRequest)
  @BodyLimit(maxQuestionBytes)
  @Permit('completions:create')
  create(@Caller() caller: Identity, @Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    return this.answers.send(responsesDialect, caller, body, reply);
  }
}
