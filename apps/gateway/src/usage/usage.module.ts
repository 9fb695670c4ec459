import { Module } from '@nestjs/common';
import { KeyBoundsModule } from '../key-bounds/key-bounds.module.js';
import { PricesModule } from '../prices/prices.module.js';
import { CallRecords } from './call-records.js';
import { UsageWriter } from './usage-writer.js';

@Module({ imports: [KeyBoundsModule, PricesModule], providers: [CallRecords, UsageWriter], exports: [CallRecords] })
export class UsageModule {}
