import { Module, type DynamicModule } from '@nestjs/common';
import { RedisModule } from '@parley/cache';
import { settingsChanged, turnInterrupted, usageRecorded } from '@parley/contracts';
import { DiscoveryModule } from '@parley/discovery';
import { identityEvents, IdentityModule } from '@parley/identity';
import { LimitsModule } from '@parley/limits';
import { MessagingModule } from '@parley/messaging';
import { PersistenceModule } from '@parley/persistence';
import { HttpJwksSource, ServiceClientModule } from '@parley/service-client';
import { CircuitBreakersModule } from './circuit-breakers/circuit-breakers.module.js';
import { CompletionsModule } from './completions/completions.module.js';
import type { Config } from './config.js';
import { edgeDialects } from './dialects/error-dialects.js';
import { DocsModule } from './docs/docs.module.js';
import { EmbeddingsModule } from './embeddings/embeddings.module.js';
import { EdgeModule } from './edge/edge.module.js';
import { migrations } from './migrations/index.js';
import { LostTurnsModule } from './lost-turns/lost-turns.module.js';
import { ModelRouterModule } from './models/model-router.module.js';
import { ModelsModule } from './models/models.module.js';
import { PlatformModule } from './platform/platform.module.js';
import { TenantSettingsModule } from './tenant-settings/tenant-settings.module.js';
import { UsageRetentionModule } from './usage/usage-retention.module.js';

export const service = 'gateway';
export const description = 'Models in the dialects of OpenAI and Anthropic, and the platform as a whole.';

@Module({})
export class AppModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PersistenceModule.forRoot({ config, entities: [], migrations }),
        MessagingModule.forRoot({
          service,
          config,
          publishes: [usageRecorded, settingsChanged],
          subscribes: [...identityEvents, settingsChanged, turnInterrupted],
        }),
        RedisModule.forRoot(config),
        DiscoveryModule.forRoot({ service, config }),
        ServiceClientModule.forRoot({ config }),
        IdentityModule.forRoot({ jwksSource: HttpJwksSource }),
        LimitsModule.forRoot(config),
        ModelRouterModule.forRoot(config),
        TenantSettingsModule,
        CompletionsModule.forRoot(config),
        LostTurnsModule,
        EmbeddingsModule,
        UsageRetentionModule.forRoot(config),
        ModelsModule,
        PlatformModule,
        CircuitBreakersModule,
        DocsModule,
        EdgeModule.forRoot({
          port: config.PARLEY_EDGE_PORT,
          host: config.HOST,
          routesFile: config.PARLEY_ROUTES_FILE,
          dialects: edgeDialects,
        }),
      ],
    };
  }
}
