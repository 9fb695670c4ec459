import { Module, type DynamicModule } from '@nestjs/common';
import { ModelRouter, PriceTable, pricesFrom, providersFrom } from '@parley/llm';
import { Clock, Log, Metrics, Shutdown } from '@parley/service-kit';
import type { Config } from '../config.js';
import { watchProviders } from './provider-metrics.js';

/** The one way to the model providers, which nothing but the gateway has, and their prices. */
@Module({})
export class ModelRouterModule {
  /** @throws ConfigError where a provider is described wrongly or has no key */
  static forRoot(config: Config): DynamicModule {
    const providers = providersFrom(config);
    return {
      module: ModelRouterModule,
      global: true,
      providers: [
        { provide: PriceTable, useFactory: () => pricesFrom(config.PARLEY_PRICES_FILE) },
        {
          provide: ModelRouter,
          inject: [Log, Clock, Metrics, Shutdown],
          useFactory: (log: Log, clock: Clock, metrics: Metrics, shutdown: Shutdown) => {
            const router = new ModelRouter({
              providers,
              maxConcurrent: config.PROVIDER_MAX_CONCURRENT,
              maxConcurrentPerProvider: config.PROVIDER_MAX_CONCURRENT_IN_ALL,
              maxConcurrentPerModel: config.PROVIDER_MAX_CONCURRENT_PER_MODEL,
              maxQueued: config.PROVIDER_MAX_QUEUED,
              deadlineMs: config.PROVIDER_DEADLINE_MS,
              log,
              clock,
            });
            watchProviders(router, metrics, log);
            shutdown.register('connections', () => router.close());
            return router;
          },
        },
      ],
      exports: [ModelRouter, PriceTable],
    };
  }
}
