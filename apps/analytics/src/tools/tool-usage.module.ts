import { Module } from '@nestjs/common';
import { ReportModule } from '../report/report.module.js';
import { ToolUsageConsumer } from './tool-usage.consumer.js';
import { ToolUsageController } from './tool-usage.controller.js';
import { ToolUsageRepository } from './tool-usage.repository.js';
import { ToolUsageService } from './tool-usage.service.js';

@Module({
  imports: [ReportModule],
  controllers: [ToolUsageController, ToolUsageConsumer],
  providers: [ToolUsageService, ToolUsageRepository],
})
export class ToolUsageModule {}
