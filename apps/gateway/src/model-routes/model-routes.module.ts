import { Module } from '@nestjs/common';
import { Clock, Log, Metrics } from '@parley/service-kit';
import { SettingsChanges } from '../tenant-settings/settings-changes.js';
import { CacheRates } from './cache-rates.js';
import { ModelRoutesController } from './model-routes.controller.js';
import { ModelRoutesRepository } from './model-routes.repository.js';
import { ModelRoutesService } from './model-routes.service.js';
import { OfferedRoutes } from './offered-routes.js';
import { TenantRoutes } from './tenant-routes.js';

@Module({
  controllers: [ModelRoutesController],
  providers: [
    CacheRates,
    ModelRoutesRepository,
    ModelRoutesService,
    OfferedRoutes,
    {
      provide: TenantRoutes,
      inject: [ModelRoutesRepository, SettingsChanges, Clock, Log, Metrics],
      useFactory: (
        repository: ModelRoutesRepository,
        changes: SettingsChanges,
        clock: Clock,
        log: Log,
        metrics: Metrics,
      ) =>
        new TenantRoutes({
          name: 'routes',
          load: async (tenantId) =>
            new Map((await repository.all(tenantId)).map((route) => [route.name, route] as const)),
          changes,
          clock,
          log,
          metrics,
        }),
    },
  ],
  exports: [CacheRates, OfferedRoutes, TenantRoutes],
})
export class ModelRoutesModule {}
