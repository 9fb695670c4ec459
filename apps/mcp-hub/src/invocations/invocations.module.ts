import { Module } from '@nestjs/common';
import { InvocationMetrics } from './invocation-metrics.js';
import { InvocationWriter } from './invocation-writer.js';
import { InvocationsController } from './invocations.controller.js';
import { InvocationsService } from './invocations.service.js';

@Module({
  controllers: [InvocationsController],
  providers: [InvocationsService, InvocationWriter, InvocationMetrics],
})
export class InvocationsModule {}
