import { Module, type DynamicModule } from '@nestjs/common';
import { Clock, Log, ServiceInfo } from '@parley/service-kit';
import type { Config } from '../config.js';
import { McpServers } from './mcp-servers.js';
import { ServersController } from './servers.controller.js';
import { ServersLifecycle } from './servers.lifecycle.js';
import { ServersOptions } from './servers.options.js';

@Module({})
export class ServersModule {
  static forRoot(config: Config): DynamicModule {
    const options = new ServersOptions(config);
    return {
      module: ServersModule,
      global: true,
      controllers: [ServersController],
      providers: [
        {
          provide: McpServers,
          inject: [ServiceInfo, Clock, Log],
          useFactory: (info: ServiceInfo, clock: Clock, log: Log) => new McpServers(options, info, clock, log),
        },
        ServersLifecycle,
      ],
      exports: [McpServers],
    };
  }
}
