import { Module } from '@nestjs/common';
import { ReportRepository } from './report.repository.js';

@Module({ providers: [ReportRepository], exports: [ReportRepository] })
export class ReportModule {}
