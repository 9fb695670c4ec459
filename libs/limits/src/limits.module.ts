import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { LiveConfig } from '@parley/discovery';
import type { LimitsConfig } from './config.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { RateLimiter } from './rate-limiter.js';
import { UserLimit } from './user-limit.js';

/** Provides `RateLimiter` everywhere, and what `@RateLimited()` needs. Wants RedisModule and DiscoveryModule. */
@Module({})
export class LimitsModule implements OnModuleInit {
  constructor(
    private readonly userLimit: UserLimit,
    private readonly live: LiveConfig,
  ) {}

  static forRoot({ USER_REQUESTS_PER_MINUTE }: LimitsConfig): DynamicModule {
    return {
      module: LimitsModule,
      global: true,
      providers: [
        { provide: UserLimit, useValue: new UserLimit(USER_REQUESTS_PER_MINUTE) },
        RateLimiter,
        RateLimitGuard,
      ],
      exports: [UserLimit, RateLimiter, RateLimitGuard],
    };
  }

  onModuleInit(): void {
    this.userLimit.follow(this.live);
  }
}
