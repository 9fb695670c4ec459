import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { Clients } from './clients.service.js';
import { ServiceAccountChanges } from './service-account-changes.js';
import { ServiceAccountsController } from './service-accounts.controller.js';
import { ServiceAccountsRepository } from './service-accounts.repository.js';
import { ServiceAccountsService } from './service-accounts.service.js';

@Module({
  imports: [AccountsModule, ApiKeysModule],
  controllers: [ServiceAccountsController],
  providers: [ServiceAccountsRepository, ServiceAccountsService, ServiceAccountChanges, Clients],
  exports: [Clients],
})
export class ServiceAccountsModule {}
