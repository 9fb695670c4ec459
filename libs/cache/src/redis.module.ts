import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { Clock, HealthRegistry, Log, Shutdown } from '@parley/service-kit';
import type { RedisConfig } from './config.js';
import { RedisConnection } from './redis-connection.js';
import { RedisSubscriptions } from './redis-subscriptions.js';

/** Provides `RedisConnection` and `RedisSubscriptions` everywhere, with their health probe (not critical) and their end on shutdown. */
@Module({})
export class RedisModule implements OnModuleInit {
  constructor(
    private readonly redis: RedisConnection,
    private readonly subscriptions: RedisSubscriptions,
    private readonly health: HealthRegistry,
    private readonly shutdown: Shutdown,
  ) {}

  static forRoot(config: RedisConfig): DynamicModule {
    const connection = {
      provide: RedisConnection,
      inject: [Clock, Log],
      useFactory: (clock: Clock, log: Log) => new RedisConnection(config, clock, log),
    };
    const subscriptions = {
      provide: RedisSubscriptions,
      inject: [Clock, Log],
      useFactory: (clock: Clock, log: Log) => new RedisSubscriptions(config, clock, log),
    };
    return {
      module: RedisModule,
      global: true,
      providers: [connection, subscriptions],
      exports: [RedisConnection, RedisSubscriptions],
    };
  }

  async onModuleInit(): Promise<void> {
    this.health.register({ name: 'redis', check: () => this.redis.check() });
    this.shutdown.register('connections', () => {
      this.redis.close();
      this.subscriptions.close();
    });
    await this.redis.connect();
  }
}
