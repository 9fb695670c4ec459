import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation } from '@nestjs/swagger';
import {
  apiKeyPage,
  createApiKeyRequest,
  createdApiKey,
  pageQuery,
  rotateApiKeyRequest,
  type ApiKeyPage,
  type CreateApiKeyRequest,
  type CreatedApiKey,
  type Identity,
  type PageQuery,
  type RotateApiKeyRequest,
} from '@parley/contracts';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { z } from 'zod';
import { ApiKeysService } from './api-keys.service.js';
import { KeyRenewals } from './key-renewals.js';

@Controller('v1/api-keys')
@RateLimited()
export class ApiKeysController {
  constructor(
    private readonly keys: ApiKeysService,
    private readonly renewals: KeyRenewals,
  ) {}

  @Post()
  @Permit('api_keys:write')
  @ApiOperation({ summary: 'Create an API key; it is shown this once' })
  @Returns(201, createdApiKey)
  create(
    @Caller() caller: Identity,
    @Body({ schema: createApiKeyRequest }) body: CreateApiKeyRequest,
  ): Promise<CreatedApiKey> {
    return this.keys.create(caller, body);
  }

  @Get()
  @Permit('api_keys:read')
  @ApiOperation({ summary: 'List the API keys of the tenant, newest first' })
  @Returns(200, apiKeyPage)
  list(@Caller() caller: Identity, @Query({ schema: pageQuery }) query: PageQuery): Promise<ApiKeyPage> {
    return this.keys.list(caller, query);
  }

  @Delete(':id')
  @Permit('api_keys:write')
  @ApiOperation({ summary: 'Revoke an API key' })
  @Returns(204)
  revoke(@Caller() caller: Identity, @Param('id', { schema: z.uuid() }) id: string): Promise<void> {
    return this.keys.revoke(caller, id);
  }

  @Post(':id/rotate')
  @Permit('api_keys:write')
  @ApiOperation({ summary: 'Give an API key another secret; the one before works on for a while' })
  @ApiBody({ required: false })
  @Returns(200, createdApiKey)
  rotate(
    @Caller() caller: Identity,
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: rotateApiKeyRequest }) body: RotateApiKeyRequest,
  ): Promise<CreatedApiKey> {
    return this.renewals.rotate(caller, id, body);
  }
}
