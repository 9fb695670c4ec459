import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { LiveStreamsModule } from '../live/live-streams.module.js';
import { SessionSweeper } from '../sessions/session-sweeper.js';
import { RetentionController } from './retention.controller.js';
import { RetentionService } from './retention.service.js';
import { RetentionSweep } from './retention-sweep.js';
import { RetentionTimer, RetentionTimes } from './retention-timer.js';

@Module({})
export class RetentionModule {
  static forRoot({ RETENTION_INTERVAL_MS }: Pick<Config, 'RETENTION_INTERVAL_MS'>): DynamicModule {
    return {
      module: RetentionModule,
      imports: [LiveStreamsModule],
      controllers: [RetentionController],
      providers: [
        { provide: RetentionTimes, useValue: new RetentionTimes(RETENTION_INTERVAL_MS) },
        SessionSweeper,
        RetentionService,
        RetentionSweep,
        RetentionTimer,
      ],
    };
  }
}
