import { Module } from '@nestjs/common';
import { ApiKeysController } from './api-keys.controller.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { ApiKeysService } from './api-keys.service.js';
import { ExchangeController } from './exchange.controller.js';
import { ExchangeService } from './exchange.service.js';
import { KeyGrants } from './key-grants.js';
import { KeyRenewals } from './key-renewals.js';
import { KeyRevocations } from './key-revocations.js';
import { KeyTokens } from './key-tokens.js';
import { KeyUses } from './key-uses.js';

@Module({
  controllers: [ApiKeysController, ExchangeController],
  providers: [
    ApiKeysRepository,
    ApiKeysService,
    ExchangeService,
    KeyGrants,
    KeyRenewals,
    KeyRevocations,
    KeyTokens,
    KeyUses,
  ],
  exports: [ApiKeysService, KeyGrants, KeyRevocations],
})
export class ApiKeysModule {}
