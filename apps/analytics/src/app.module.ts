import { Module, type DynamicModule } from '@nestjs/common';
import { RedisModule } from '@parley/cache';
import {
  sessionCreated,
  sessionDeleted,
  toolInvoked,
  turnCompleted,
  turnInterrupted,
  usageRecorded,
} from '@parley/contracts';
import { DiscoveryModule } from '@parley/discovery';
import { identityEvents, IdentityModule } from '@parley/identity';
import { LimitsModule } from '@parley/limits';
import { MessagingModule } from '@parley/messaging';
import { PersistenceModule } from '@parley/persistence';
import { HttpJwksSource, ServiceClientModule } from '@parley/service-client';
import type { Config } from './config.js';
import { migrations } from './migrations/index.js';
import { RetentionModule } from './retention/retention.module.js';
import { SessionUsageModule } from './sessions/session-usage.module.js';
import { ToolUsageModule } from './tools/tool-usage.module.js';
import { UsageModule } from './usage/usage.module.js';

export const service = 'analytics';
export const description = 'What the platform used: requests and tokens, calls of tools, sessions and their turns.';

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
          subscribes: [
            usageRecorded,
            toolInvoked,
            sessionCreated,
            sessionDeleted,
            turnCompleted,
            turnInterrupted,
            ...identityEvents,
          ],
        }),
        RedisModule.forRoot(config),
        DiscoveryModule.forRoot({ service, config }),
        ServiceClientModule.forRoot({ config }),
        IdentityModule.forRoot({ jwksSource: HttpJwksSource }),
        LimitsModule.forRoot(config),
        UsageModule,
        ToolUsageModule,
        SessionUsageModule,
        RetentionModule.forRoot(config),
      ],
    };
  }
}
