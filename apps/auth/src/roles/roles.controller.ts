import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  createRoleRequest,
  role,
  roleList,
  roleName,
  updateRoleRequest,
  type CreateRoleRequest,
  type Identity,
  type Role,
  type RoleList,
  type UpdateRoleRequest,
} from '@parley/contracts';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { RolesService } from './roles.service.js';

const byName = { schema: roleName };

@Controller('v1/roles')
@RateLimited()
export class RolesController {
  constructor(private readonly roles: RolesService) {}

  @Post()
  @Permit('roles:write')
  @ApiOperation({ summary: 'Create a role; it gives nobody what its maker lacks' })
  @Returns(201, role)
  create(@Caller() caller: Identity, @Body({ schema: createRoleRequest }) body: CreateRoleRequest): Promise<Role> {
    return this.roles.create(caller, body);
  }

  @Get()
  @Permit('roles:read')
  @ApiOperation({ summary: 'List the five roles that every tenant has, lowest first, then the tenant’s own by name' })
  @Returns(200, roleList)
  list(@Caller() caller: Identity): Promise<RoleList> {
    return this.roles.list(caller);
  }

  @Get(':name')
  @Permit('roles:read')
  @ApiOperation({ summary: 'Read a role and what it gives' })
  @Returns(200, role)
  get(@Caller() caller: Identity, @Param('name', byName) name: string): Promise<Role> {
    return this.roles.get(caller, name);
  }

  @Patch(':name')
  @Permit('roles:write')
  @ApiOperation({ summary: 'Change a role; whoever has it may do more or less within 2 seconds' })
  @Returns(200, role)
  update(
    @Caller() caller: Identity,
    @Param('name', byName) name: string,
    @Body({ schema: updateRoleRequest }) body: UpdateRoleRequest,
  ): Promise<Role> {
    return this.roles.update(caller, name, body);
  }

  @Delete(':name')
  @Permit('roles:write')
  @ApiOperation({ summary: 'Delete a role that nobody has' })
  @Returns(204)
  delete(@Caller() caller: Identity, @Param('name', byName) name: string): Promise<void> {
    return this.roles.delete(caller, name);
  }
}
