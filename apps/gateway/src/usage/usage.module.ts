import { Module } from '@nestjs/common';
import { PricesModule } from '../prices/prices.module.js';
import { CallRecords } from './call-records.js';
import { UsageWriter } from './usage-writer.js';

@Module({ imports: [PricesModule], providers: [CallRecords, UsageWriter], exports: [CallRecords] })
export class UsageModule {}
