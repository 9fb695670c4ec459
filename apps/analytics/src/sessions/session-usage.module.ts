import { Module } from '@nestjs/common';
import { ReportModule } from '../report/report.module.js';
import { UsageModule } from '../usage/usage.module.js';
import { SessionUsageConsumer } from './session-usage.consumer.js';
import { SessionUsageController } from './session-usage.controller.js';
import { SessionUsageRepository } from './session-usage.repository.js';
import { SessionUsageService } from './session-usage.service.js';

@Module({
  imports: [ReportModule, UsageModule],
  controllers: [SessionUsageController, SessionUsageConsumer],
  providers: [SessionUsageService, SessionUsageRepository],
})
export class SessionUsageModule {}
