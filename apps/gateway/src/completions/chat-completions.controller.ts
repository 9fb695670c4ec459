import { Body, Controller, Post, Res } from '@nestjs/common';
import { maxQuestionBytes, type Identity } from '@parley/contracts';
import { openaiError, openaiErrors } from '@parley/dialects';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { BodyLimit, UseErrorDialect } from '@parley/service-kit';
import type { FastifyReply } from 'fastify';
import { modelCalls } from '../call-limits/model-calls.js';
import { openaiDialect } from '../dialects/openai/index.js';
import { chatRequest } from '../dialects/openai/request.schema.js';
import { AnswersService } from './answers.service.js';
import { Completion } from './documented.js';

@RateLimited(modelCalls(openaiDialect))
@UseErrorDialect(openaiErrors, openaiError)
@Controller('v1/chat/completions')
export class ChatCompletionsController {
  constructor(private readonly answers: AnswersService) {}

  /** OpenAI's chat completions, plain and streamed. */
  @Post()
  @Completion('OpenAI', chatRequest)
  @BodyLimit(maxQuestionBytes)
  @Permit('completions:create')
  create(@Caller() caller: Identity, @Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    return this.answers.send(openaiDialect, caller, body, reply);
  }
}
