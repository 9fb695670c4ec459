import { Module } from '@nestjs/common';
import { ModelPricesController } from './model-prices.controller.js';
import { ModelPricesService } from './model-prices.service.js';
import { PriceVersionsRepository } from './price-versions.repository.js';
import { TenantPrices } from './tenant-prices.js';

@Module({
  controllers: [ModelPricesController],
  providers: [ModelPricesService, PriceVersionsRepository, TenantPrices],
  exports: [TenantPrices],
})
export class PricesModule {}
