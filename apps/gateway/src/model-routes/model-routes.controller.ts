import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  createModelRouteRequest,
  modelRoute,
  modelRouteList,
  modelRouteName,
  modelRouteReport,
  updateModelRouteRequest,
  type CreateModelRouteRequest,
  type Identity,
  type ModelRoute,
  type ModelRouteList,
  type ModelRouteReport,
  type UpdateModelRouteRequest,
} from '@parley/contracts';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { ModelRoutesService } from './model-routes.service.js';

const byName = { schema: modelRouteName };

@RateLimited()
@Controller('v1/model-routes')
export class ModelRoutesController {
  constructor(private readonly routes: ModelRoutesService) {}

  @Get()
  @Permit('model_routes:read')
  @ApiOperation({ summary: 'List the tenant’s routes of models, by name' })
  @Returns(200, modelRouteList)
  list(@Caller() caller: Identity): Promise<ModelRouteList> {
    return this.routes.list(caller);
  }

  @Post()
  @Permit('model_routes:write')
  @ApiOperation({ summary: 'Create a route: a name that callers give as a model, and the models that answer to it' })
  @Returns(201, modelRoute)
  create(
    @Caller() caller: Identity,
    @Body({ schema: createModelRouteRequest }) body: CreateModelRouteRequest,
  ): Promise<ModelRoute> {
    return this.routes.create(caller, body);
  }

  @Get(':name')
  @Permit('model_routes:read')
  @ApiOperation({ summary: 'Read a route, and how much of its prompts came from the providers’ caches' })
  @Returns(200, modelRouteReport)
  get(@Caller() caller: Identity, @Param('name', byName) name: string): Promise<ModelRouteReport> {
    return this.routes.get(caller, name);
  }

  @Patch(':name')
  @Permit('model_routes:write')
  @ApiOperation({ summary: 'Change a route; calls go by it within a second' })
  @Returns(200, modelRoute)
  update(
    @Caller() caller: Identity,
    @Param('name', byName) name: string,
    @Body({ schema: updateModelRouteRequest }) body: UpdateModelRouteRequest,
  ): Promise<ModelRoute> {
    return this.routes.update(caller, name, body);
  }

  @Delete(':name')
  @Permit('model_routes:write')
  @ApiOperation({ summary: 'Delete a route; what is asked by its name is then a model of that name, or none' })
  @Returns(204)
  delete(@Caller() caller: Identity, @Param('name', byName) name: string): Promise<void> {
    return this.routes.delete(caller, name);
  }
}
