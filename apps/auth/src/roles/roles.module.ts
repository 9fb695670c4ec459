import { Module } from '@nestjs/common';
import { PermissionsController } from './permissions.controller.js';
import { RoleHolders } from './role-holders.js';
import { RoleHoldersRepository } from './role-holders.repository.js';
import { RolesController } from './roles.controller.js';
import { RolesRepository } from './roles.repository.js';
import { RolesService } from './roles.service.js';

@Module({
  controllers: [RolesController, PermissionsController],
  providers: [RolesRepository, RoleHoldersRepository, RoleHolders, RolesService],
})
export class RolesModule {}
