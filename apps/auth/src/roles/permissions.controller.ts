import { Controller, Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  allPermissions,
  builtInRoles,
  permissionList,
  permissions,
  rolePermissions,
  type PermissionList,
} from '@parley/contracts';
import { Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';

const everyPermission: PermissionList = {
  data: allPermissions.map((permission) => ({
    permission,
    description: permissions[permission],
    roles: builtInRoles.filter((role) => rolePermissions[role].some((held) => held === permission)),
  })),
};

@Controller('v1/permissions')
@RateLimited()
export class PermissionsController {
  @Get()
  @Permit('roles:read')
  @ApiOperation({ summary: 'List every permission there is, and which of the five roles have it' })
  @Returns(200, permissionList)
  list(): PermissionList {
    return everyPermission;
  }
}
