import { Module } from '@nestjs/common';
import { PriceTable } from '@parley/llm';
import { Clock, Log, Metrics } from '@parley/service-kit';
import { SettingsChanges } from '../tenant-settings/settings-changes.js';
import { ModelPricesController } from './model-prices.controller.js';
import { ModelPricesService } from './model-prices.service.js';
import { PriceSchedule } from './price-schedule.js';
import { PriceVersionsRepository } from './price-versions.repository.js';
import { TenantPrices } from './tenant-prices.js';

@Module({
  controllers: [ModelPricesController],
  providers: [
    ModelPricesService,
    PriceVersionsRepository,
    {
      provide: TenantPrices,
      inject: [PriceTable, PriceVersionsRepository, SettingsChanges, Clock, Log, Metrics],
      useFactory: (
        platform: PriceTable,
        versions: PriceVersionsRepository,
        changes: SettingsChanges,
        clock: Clock,
        log: Log,
        metrics: Metrics,
      ) =>
        new TenantPrices({
          name: 'prices',
          load: async (tenantId) =>
            new PriceSchedule(platform, await versions.fromThenOn(tenantId, new Date(clock.now()))),
          changes,
          clock,
          log,
          metrics,
        }),
    },
  ],
  exports: [TenantPrices],
})
export class PricesModule {}
