import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { LiveStreamsModule } from '../live/live-streams.module.js';
import { ConversationsModule } from '../messages/conversations.module.js';
import { IdleTimer, IdleTimes } from './idle-timer.js';
import { SessionArchive } from './session-archive.js';
import { SessionList } from './session-list.js';
import { SessionSweeper } from './session-sweeper.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';

@Module({})
export class SessionsModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: SessionsModule,
      imports: [ConversationsModule, LiveStreamsModule],
      controllers: [SessionsController],
      providers: [
        { provide: IdleTimes, useValue: new IdleTimes(config) },
        SessionsService,
        SessionArchive,
        SessionList,
        SessionSweeper,
        IdleTimer,
      ],
    };
  }
}
