import { Module } from '@nestjs/common';
import { UsageWriter } from './usage-writer.js';

@Module({ providers: [UsageWriter], exports: [UsageWriter] })
export class UsageModule {}
