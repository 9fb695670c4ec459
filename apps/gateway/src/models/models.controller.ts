import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { modelName } from '@parley/contracts';
import { Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { ModelRouter } from '@parley/llm';
import { UseErrorDialect } from '@parley/service-kit';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { modelListQuery, toAnthropicModel, toAnthropicModelList } from '../dialects/anthropic/models.js';
import { openaiErrors } from '../dialects/openai/errors.js';
import { toOpenAiModel, toOpenAiModelList } from '../dialects/openai/models.js';

/** Sent by Anthropic's clients with every request; theirs is the answer's shape then, and OpenAI's else. */
const anthropicVersion = 'anthropic-version';

@ApiHeader({ name: anthropicVersion, required: false, description: 'Asks for the shape of Anthropic' })
@RateLimited()
@UseErrorDialect(openaiErrors)
@Permit('models:read')
@Controller('v1/models')
export class ModelsController {
  constructor(private readonly models: ModelRouter) {}

  /** The models of every provider. */
  @Get()
  @ApiOperation({ summary: 'List the models' })
  @ApiOkResponse({ description: 'In the shape of OpenAI, or of Anthropic where the request has its version header' })
  async list(
    @Query({ schema: modelListQuery }) query: z.infer<typeof modelListQuery>,
    @Req() { headers }: FastifyRequest,
  ) {
    const models = await this.models.list();
    return headers[anthropicVersion] === undefined ? toOpenAiModelList(models) : toAnthropicModelList(models, query);
  }

  /** One model; its id may contain slashes. */
  @Get('*')
  @ApiOperation({ summary: 'Read one model' })
  @ApiOkResponse({ description: 'In the shape of OpenAI, or of Anthropic where the request has its version header' })
  async get(@Param('*', { schema: modelName }) id: string, @Req() { headers }: FastifyRequest) {
    const model = await this.models.get(id);
    return headers[anthropicVersion] === undefined ? toOpenAiModel(model) : toAnthropicModel(model);
  }
}
