import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { MembersService } from './members.service.js';
import { UnlocksService } from './unlocks.service.js';
import { UsersController } from './users.controller.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

@Module({
  imports: [AccountsModule, ApiKeysModule],
  controllers: [UsersController],
  providers: [UsersRepository, UsersService, MembersService, UnlocksService],
})
export class UsersModule {}
