import { Module, type DynamicModule } from '@nestjs/common';
import { RedisModule } from '@parley/cache';
import { expertQueryAnswered, sessionCleared, sessionDeleted } from '@parley/contracts';
import { DiscoveryModule } from '@parley/discovery';
import { identityEvents, IdentityModule } from '@parley/identity';
import { LimitsModule } from '@parley/limits';
import { MessagingModule } from '@parley/messaging';
import { PersistenceModule } from '@parley/persistence';
import { HttpJwksSource, ServiceClientModule } from '@parley/service-client';
import { AskingModule } from './asking/asking.module.js';
import { CircleModule } from './circle/circle.module.js';
import type { Config } from './config.js';
import { migrations } from './migrations/index.js';
import { QueriesModule } from './queries/queries.module.js';
import { SessionsModule } from './sessions/sessions.module.js';

export const service = 'experts';
export const description = 'A circle of experts: asked in parallel, answered with their consensus.';

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
          publishes: [expertQueryAnswered],
          subscribes: [sessionCleared, sessionDeleted, ...identityEvents],
        }),
        RedisModule.forRoot(config),
        DiscoveryModule.forRoot({ service, config }),
        ServiceClientModule.forRoot({ config }),
        IdentityModule.forRoot({ jwksSource: HttpJwksSource }),
        LimitsModule.forRoot(config),
        CircleModule.forRoot(config),
        AskingModule.forRoot(config),
        QueriesModule.forRoot(config),
        SessionsModule,
      ],
    };
  }
}
