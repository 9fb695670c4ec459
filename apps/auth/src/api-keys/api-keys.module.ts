import { Module } from '@nestjs/common';
import { ApiKeysController } from './api-keys.controller.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { ApiKeysService } from './api-keys.service.js';
import { ExchangeController } from './exchange.controller.js';
import { ExchangeService } from './exchange.service.js';
import { KeyRevocations } from './key-revocations.js';

@Module({
  controllers: [ApiKeysController, ExchangeController],
  providers: [ApiKeysRepository, ApiKeysService, ExchangeService, KeyRevocations],
  exports: [ApiKeysService, KeyRevocations],
})
export class ApiKeysModule {}
