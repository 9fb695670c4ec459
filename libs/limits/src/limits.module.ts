import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { LiveConfig } from '@parley/discovery';
import { CallerLimits } from './caller-limits.js';
import type { LimitsConfig } from './config.js';
import { LimitBook } from './limit-book.js';
import { StreamLeases } from './stream-leases.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import { RateLimiter } from './rate-limiter.js';

/** Provides `RateLimiter` and `CallerLimits` everywhere, and what `@RateLimited()` needs. Wants RedisModule and DiscoveryModule. */
@Module({})
export class LimitsModule implements OnModuleInit {
  constructor(
    private readonly book: LimitBook,
    private readonly live: LiveConfig,
  ) {}

  static forRoot(config: LimitsConfig): DynamicModule {
    const book = { provide: LimitBook, useValue: new LimitBook(config) };
    return {
      module: LimitsModule,
      global: true,
      providers: [book, StreamLeases, RateLimiter, CallerLimits, RateLimitGuard],
      exports: [RateLimiter, CallerLimits, RateLimitGuard],
    };
  }

  onModuleInit(): void {
    this.book.follow(this.live);
  }
}
