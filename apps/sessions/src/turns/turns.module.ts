import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { LiveStreamsModule } from '../live/live-streams.module.js';
import { ConversationsModule } from '../messages/conversations.module.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { ExpiredTurns } from './expired-turns.js';
import { TurnSummaries } from '../summaries/turn-summaries.js';
import { TurnSummariesController } from '../summaries/turn-summaries.controller.js';
import { TurnBeginning } from './turn-beginning.js';
import { TurnEnding } from './turn-ending.js';
import { TurnOpening } from './turn-opening.js';
import { TurnQueue } from './turn-queue.js';
import { TurnQueueController } from './turn-queue.controller.js';
import { TurnQueueRepository } from './turn-queue.repository.js';
import { TurnStops } from './turn-stops.js';
import { TurnStopsController } from './turn-stops.controller.js';
import { TurnSweeper } from './turn-sweeper.js';
import { TurnTimes } from './turn-times.js';
import { TurnsController } from './turns.controller.js';
import { TurnsRepository } from './turns.repository.js';
import { TurnsService } from './turns.service.js';

@Module({})
export class TurnsModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: TurnsModule,
      imports: [ConversationsModule, LiveStreamsModule, ProjectsModule],
      controllers: [TurnsController, TurnStopsController, TurnQueueController, TurnSummariesController],
      providers: [
        { provide: TurnTimes, useValue: new TurnTimes(config) },
        TurnsRepository,
        TurnBeginning,
        TurnOpening,
        TurnQueue,
        TurnQueueRepository,
        TurnsService,
        TurnEnding,
        TurnStops,
        TurnSummaries,
        ExpiredTurns,
        TurnSweeper,
      ],
    };
  }
}
