import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation } from '@nestjs/swagger';
import {
  createServiceAccountRequest,
  pageQuery,
  rotateSecretRequest,
  serviceAccount,
  serviceAccountPage,
  serviceAccountWithSecret,
  updateServiceAccountRequest,
  type CreateServiceAccountRequest,
  type Identity,
  type PageQuery,
  type RotateSecretRequest,
  type ServiceAccount,
  type ServiceAccountPage,
  type ServiceAccountWithSecret,
  type UpdateServiceAccountRequest,
} from '@parley/contracts';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { z } from 'zod';
import { ServiceAccountsService } from './service-accounts.service.js';

@Controller('v1/service-accounts')
@RateLimited()
export class ServiceAccountsController {
  constructor(private readonly accounts: ServiceAccountsService) {}

  @Post()
  @Permit('service_accounts:write')
  @ApiOperation({ summary: 'Create a service account; its secret is shown this once' })
  @Returns(201, serviceAccountWithSecret)
  create(
    @Caller() caller: Identity,
    @Body({ schema: createServiceAccountRequest }) body: CreateServiceAccountRequest,
  ): Promise<ServiceAccountWithSecret> {
    return this.accounts.create(caller, body);
  }

  @Get()
  @Permit('service_accounts:read')
  @ApiOperation({ summary: 'List the service accounts of the tenant, newest first' })
  @Returns(200, serviceAccountPage)
  list(@Caller() caller: Identity, @Query({ schema: pageQuery }) query: PageQuery): Promise<ServiceAccountPage> {
    return this.accounts.list(caller, query);
  }

  @Get(':id')
  @Permit('service_accounts:read')
  @ApiOperation({ summary: 'A service account of the tenant' })
  @Returns(200, serviceAccount)
  get(@Caller() caller: Identity, @Param('id', { schema: z.uuid() }) id: string): Promise<ServiceAccount> {
    return this.accounts.get(caller, id);
  }

  @Patch(':id')
  @Permit('service_accounts:write')
  @ApiOperation({ summary: 'Change the name, role and permissions of a service account' })
  @Returns(200, serviceAccount)
  update(
    @Caller() caller: Identity,
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: updateServiceAccountRequest }) body: UpdateServiceAccountRequest,
  ): Promise<ServiceAccount> {
    return this.accounts.update(caller, id, body);
  }

  @Delete(':id')
  @Permit('service_accounts:write')
  @ApiOperation({ summary: 'Delete a service account, with its API keys' })
  @Returns(204)
  remove(@Caller() caller: Identity, @Param('id', { schema: z.uuid() }) id: string): Promise<void> {
    return this.accounts.remove(caller, id);
  }

  @Post(':id/rotate-secret')
  @Permit('service_accounts:write')
  @ApiOperation({ summary: 'Give a service account another secret; the one before works on for a while' })
  @ApiBody({ required: false })
  @Returns(200, serviceAccountWithSecret)
  rotateSecret(
    @Caller() caller: Identity,
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: rotateSecretRequest }) body: RotateSecretRequest,
  ): Promise<ServiceAccountWithSecret> {
    return this.accounts.rotateSecret(caller, id, body);
  }
}
