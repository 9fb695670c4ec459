import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { LedgerDays, LedgerRetention } from './ledger-retention.js';

@Module({})
export class RetentionModule {
  static forRoot(config: Pick<Config, 'ANALYTICS_RETENTION_DAYS'>): DynamicModule {
    return {
      module: RetentionModule,
      providers: [{ provide: LedgerDays, useValue: new LedgerDays(config.ANALYTICS_RETENTION_DAYS) }, LedgerRetention],
    };
  }
}
