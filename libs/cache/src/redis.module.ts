import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { Clock, HealthRegistry, Log, Shutdown } from '@parley/service-kit';
import type { RedisConfig } from './config.js';
import { RedisConnection } from './redis-connection.js';

/** Provides `RedisConnection` everywhere, with its health probe (not critical) and its end on shutdown. */
@Module({})
export class RedisModule implements OnModuleInit {
  constructor(
    private readonly redis: RedisConnection,
    private readonly health: HealthRegistry,
    private readonly shutdown: Shutdown,
  ) {}

  static forRoot(config: RedisConfig): DynamicModule {
    const connection = {
      provide: RedisConnection,
      inject: [Clock, Log],
      useFactory: (clock: Clock, log: Log) => new RedisConnection(config, clock, log),
    };
    return { module: RedisModule, global: true, providers: [connection], exports: [RedisConnection] };
  }

  async onModuleInit(): Promise<void> {
    this.health.register({ name: 'redis', check: () => this.redis.check() });
    this.shutdown.register('connections', () => this.redis.close());
    await this.redis.connect();
  }
}
