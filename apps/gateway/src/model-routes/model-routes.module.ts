import { Module } from '@nestjs/common';
import { CacheRates } from './cache-rates.js';
import { ModelRoutesController } from './model-routes.controller.js';
import { ModelRoutesRepository } from './model-routes.repository.js';
import { ModelRoutesService } from './model-routes.service.js';
import { OfferedRoutes } from './offered-routes.js';
import { TenantRoutes } from './tenant-routes.js';

@Module({
  controllers: [ModelRoutesController],
  providers: [CacheRates, ModelRoutesRepository, ModelRoutesService, OfferedRoutes, TenantRoutes],
  exports: [CacheRates, OfferedRoutes, TenantRoutes],
})
export class ModelRoutesModule {}
