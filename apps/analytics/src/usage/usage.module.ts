import { Module } from '@nestjs/common';
import { UsageConsumer } from './usage.consumer.js';
import { UsageController } from './usage.controller.js';
import { UsageRepository } from './usage.repository.js';
import { UsageService } from './usage.service.js';

@Module({ controllers: [UsageController, UsageConsumer], providers: [UsageService, UsageRepository] })
export class UsageModule {}
