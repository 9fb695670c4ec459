import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { costHeader, maxQuestionBytes, type Identity } from '@parley/contracts';
import { openaiError, openaiErrors } from '@parley/dialects';
import { Caller, Permit } from '@parley/identity';
import { admissionOf, openaiLimitHeaders, RateLimited } from '@parley/limits';
import { BodyLimit, callerSignal, UseErrorDialect } from '@parley/service-kit';
import type { FastifyReply } from 'fastify';
import { modelCalls } from '../call-limits/model-calls.js';
import { usedTokens } from '../call-limits/used-tokens.js';
import { servedHeaders, VendorBody } from '../completions/documented.js';
import { nameServer } from '../completions/headers.js';
import { embeddingsRequest, readEmbeddingRequest, toEmbeddingsAnswer } from '../dialects/openai/embeddings.js';
import { EmbeddingsService } from './embeddings.service.js';

@RateLimited(modelCalls({ limitHeaders: openaiLimitHeaders }))
@UseErrorDialect(openaiErrors, openaiError)
@Controller('v1/embeddings')
export class EmbeddingsController {
  constructor(private readonly embeddings: EmbeddingsService) {}

  /** OpenAI's embeddings, of one text or of many at once. */
  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Have a model make embeddings, in the dialect of OpenAI' })
  @VendorBody(embeddingsRequest)
  @ApiOkResponse({
    description: 'The vectors as OpenAI gives them, in the order of their texts',
    headers: servedHeaders,
    content: { 'application/json': { schema: { type: 'object' } } },
  })
  @BodyLimit(maxQuestionBytes)
  @Permit('embeddings:create')
  async create(@Caller() caller: Identity, @Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    const request = readEmbeddingRequest(body);
    const { embeddings, cost, server } = await this.embeddings.create(caller, request, callerSignal(reply.raw));
    nameServer(reply, server);
    admissionOf(reply.request).spend(usedTokens(embeddings.tokens), reply);
    if (cost !== undefined) void reply.header(costHeader, cost);
    await reply.type('application/json; charset=utf-8').send(toEmbeddingsAnswer(embeddings));
  }
}
