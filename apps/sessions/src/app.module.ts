import { Module, type DynamicModule } from '@nestjs/common';
import { RedisModule } from '@parley/cache';
import {
  messageAppended,
  projectDeleted,
  sessionArchived,
  sessionCleared,
  sessionCreated,
  sessionDeleted,
  sessionUpdated,
  turnCompleted,
  turnInterrupted,
  turnStarted,
} from '@parley/contracts';
import { DiscoveryModule } from '@parley/discovery';
import { identityEvents, IdentityModule } from '@parley/identity';
import { LimitsModule } from '@parley/limits';
import { MessagingModule } from '@parley/messaging';
import { PersistenceModule } from '@parley/persistence';
import { HttpJwksSource, ServiceClientModule } from '@parley/service-client';
import { BranchesModule } from './branches/branches.module.js';
import type { Config } from './config.js';
import { LiveModule } from './live/live.module.js';
import { migrations } from './migrations/index.js';
import { MessagesModule } from './messages/messages.module.js';
import { ProjectsModule } from './projects/projects.module.js';
import { RetentionModule } from './retention/retention.module.js';
import { SearchModule } from './search/search.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { SessionStatsModule } from './stats/session-stats.module.js';
import { TurnsModule } from './turns/turns.module.js';

export const service = 'sessions';
export const description = 'Projects, sessions and their messages.';

const publishes = [
  ...[sessionCreated, sessionUpdated, sessionArchived, sessionCleared, sessionDeleted, projectDeleted],
  ...[messageAppended, turnStarted, turnCompleted, turnInterrupted],
];

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
          publishes,
          subscribes: [...identityEvents, messageAppended, sessionCreated],
        }),
        RedisModule.forRoot(config),
        DiscoveryModule.forRoot({ service, config }),
        ServiceClientModule.forRoot({ config }),
        IdentityModule.forRoot({ jwksSource: HttpJwksSource }),
        LimitsModule.forRoot(config),
        ProjectsModule,
        SessionsModule.forRoot(config),
        RetentionModule.forRoot(config),
        MessagesModule,
        BranchesModule,
        TurnsModule.forRoot(config),
        LiveModule.forRoot(config),
        SearchModule,
        SessionStatsModule,
      ],
    };
  }
}
