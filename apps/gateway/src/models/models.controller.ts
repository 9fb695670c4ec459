import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { modelName, type Identity } from '@parley/contracts';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns, UseErrorDialect } from '@parley/service-kit';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { modelListQuery, toAnthropicModel, toAnthropicModelList } from '../dialects/anthropic/models.js';
import {
  anthropicVersionHeader,
  errorByClient,
  errorsByClient,
  isAnthropicClient,
} from '../dialects/error-dialects.js';
import { toOpenAiModel, toOpenAiModelList } from '../dialects/openai/models.js';
import { limitHeadersByClient } from '../dialects/limit-headers.js';
import { capabilitiesQuery, modelCapabilitiesList, type ModelCapabilitiesList } from './model-capabilities.js';
import { ModelsService } from './models.service.js';

@ApiHeader({ name: anthropicVersionHeader, required: false, description: 'Asks for the shape of Anthropic' })
@RateLimited({ headers: limitHeadersByClient })
@UseErrorDialect(errorsByClient, errorByClient)
@Permit('models:read')
@Controller('v1/models')
export class ModelsController {
  constructor(private readonly models: ModelsService) {}

  /** The models of every provider, and the circle of experts; of them those that the key may ask. */
  @Get()
  @ApiOperation({ summary: 'List the models' })
  @ApiOkResponse({ description: 'In the shape of OpenAI, or of Anthropic where the request has its version header' })
  async list(
    @Caller() caller: Identity,
    @Query({ schema: modelListQuery }) query: z.infer<typeof modelListQuery>,
    @Req() { headers }: FastifyRequest,
  ) {
    const models = await this.models.list(caller);
    return isAnthropicClient(headers) ? toAnthropicModelList(models, query) : toOpenAiModelList(models);
  }

  /** What each can do and where that is known from; `null` is what nobody says. */
  @Get('capabilities')
  @ApiOperation({ summary: 'Read what models can do' })
  @Returns(200, modelCapabilitiesList)
  capabilities(
    @Caller() caller: Identity,
    @Query({ schema: capabilitiesQuery }) { model }: z.infer<typeof capabilitiesQuery>,
  ): Promise<ModelCapabilitiesList> {
    return this.models.capabilities(caller, model);
  }

  /** One model; its id may contain slashes. */
  @Get('*')
  @ApiOperation({ summary: 'Read one model' })
  @ApiOkResponse({ description: 'In the shape of OpenAI, or of Anthropic where the request has its version header' })
  async get(
    @Caller() caller: Identity,
    @Param('*', { schema: modelName }) id: string,
    @Req() { headers }: FastifyRequest,
  ) {
    const model = await this.models.get(caller, id);
    return isAnthropicClient(headers) ? toAnthropicModel(model) : toOpenAiModel(model);
  }
}
