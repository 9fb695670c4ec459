import { Module } from '@nestjs/common';
import { AccountsRepository } from './accounts.repository.js';
import { AccountsService } from './accounts.service.js';
import { Joining } from './joining.js';
import { MeController } from './me.controller.js';
import { Newcomers } from './newcomers.js';

@Module({
  controllers: [MeController],
  providers: [AccountsRepository, AccountsService, Newcomers, Joining],
  exports: [AccountsRepository, AccountsService, Newcomers, Joining],
})
export class AccountsModule {}
