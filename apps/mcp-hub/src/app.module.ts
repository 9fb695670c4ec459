import { Module, type DynamicModule } from '@nestjs/common';
import { RedisModule } from '@parley/cache';
import { toolInvoked } from '@parley/contracts';
import { DiscoveryModule } from '@parley/discovery';
import { identityEvents, IdentityModule } from '@parley/identity';
import { LimitsModule } from '@parley/limits';
import { MessagingModule } from '@parley/messaging';
import { PersistenceModule } from '@parley/persistence';
import { HttpJwksSource, ServiceClientModule } from '@parley/service-client';
import type { Config } from './config.js';
import { InvocationsModule } from './invocations/invocations.module.js';
import { migrations } from './migrations/index.js';
import { ServersModule } from './servers/servers.module.js';

export const service = 'mcp-hub';
export const description = 'The tools of MCP servers: listed, called and audited.';

@Module({})
export class AppModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PersistenceModule.forRoot({ config, entities: [], migrations }),
        MessagingModule.forRoot({ service, config, publishes: [toolInvoked], subscribes: [...identityEvents] }),
        RedisModule.forRoot(config),
        DiscoveryModule.forRoot({ service, config }),
        ServiceClientModule.forRoot({ config }),
        IdentityModule.forRoot({ jwksSource: HttpJwksSource }),
        LimitsModule.forRoot(config),
        ServersModule.forRoot(config),
        InvocationsModule,
      ],
    };
  }
}
