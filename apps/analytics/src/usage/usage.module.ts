import { Module } from '@nestjs/common';
import { ReportModule } from '../report/report.module.js';
import { UsageConsumer } from './usage.consumer.js';
import { UsageController } from './usage.controller.js';
import { UsageLedgerRepository } from './usage-ledger.repository.js';
import { UsageService } from './usage.service.js';

@Module({
  imports: [ReportModule],
  controllers: [UsageController, UsageConsumer],
  providers: [UsageService, UsageLedgerRepository],
  exports: [UsageLedgerRepository],
})
export class UsageModule {}
