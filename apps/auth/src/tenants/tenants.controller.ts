import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { tenant, updateTenantRequest, type Identity, type Tenant, type UpdateTenantRequest } from '@parley/contracts';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { TenantsService } from './tenants.service.js';

@Controller('v1/tenants/current')
@RateLimited()
export class TenantsController {
  constructor(private readonly tenants: TenantsService) {}

  @Get()
  @Permit('tenants:read')
  @ApiOperation({ summary: 'The tenant of the caller' })
  @Returns(200, tenant)
  get(@Caller() caller: Identity): Promise<Tenant> {
    return this.tenants.get(caller);
  }

  @Patch()
  @Permit('tenants:write')
  @ApiOperation({ summary: 'Rename the tenant' })
  @Returns(200, tenant)
  update(
    @Caller() caller: Identity,
    @Body({ schema: updateTenantRequest }) body: UpdateTenantRequest,
  ): Promise<Tenant> {
    return this.tenants.update(caller, body);
  }
}
