import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { UsageDays, UsageRetention } from './usage-retention.js';

@Module({})
export class UsageRetentionModule {
  static forRoot(config: Pick<Config, 'GATEWAY_USAGE_RETENTION_DAYS'>): DynamicModule {
    return {
      module: UsageRetentionModule,
      providers: [{ provide: UsageDays, useValue: new UsageDays(config.GATEWAY_USAGE_RETENTION_DAYS) }, UsageRetention],
    };
  }
}
