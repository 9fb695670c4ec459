import { Module } from '@nestjs/common';
import { Passwords } from './passwords.js';
import { AccountsRepository } from './accounts.repository.js';
import { AccountsService } from './accounts.service.js';
import { MeController } from './me.controller.js';

@Module({
  controllers: [MeController],
  providers: [Passwords, AccountsRepository, AccountsService],
  exports: [Passwords, AccountsRepository, AccountsService],
})
export class AccountsModule {}
