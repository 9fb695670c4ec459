import { Module, type DynamicModule } from '@nestjs/common';
import { ServerSentEvents, StreamBounds } from '@parley/service-kit';
import type { Config } from '../config.js';
import { CircleService } from '../circle/circle.service.js';
import { ModelRoutesModule } from '../model-routes/model-routes.module.js';
import { ContextWindows } from '../session-turns/context/context-windows.js';
import { FittedAnswers } from '../session-turns/context/fitted-answers.js';
import { Summaries } from '../session-turns/context/summaries.js';
import { LiveFeeds } from '../session-turns/live-feed.js';
import { OpenTurns } from '../session-turns/open-turns.js';
import { TurnStops } from '../session-turns/turn-stops.js';
import { SessionTurns } from '../session-turns/session-turns.js';
import { TurnOpenings } from '../session-turns/turn-openings.js';
import { UsageModule } from '../usage/usage.module.js';
import { AnswersService } from './answers.service.js';
import { ChatCompletionsController } from './chat-completions.controller.js';
import { CompletionsService } from './completions.service.js';
import { MessagesController } from './messages.controller.js';
import { ModelsAndCircle } from './models-and-circle.js';
import { ResponsesController } from './responses.controller.js';
import { StreamedAnswers } from './streamed-answers.js';
import { TokenCountsService } from './token-counts.service.js';

@Module({
  imports: [ModelRoutesModule, UsageModule],
  controllers: [ChatCompletionsController, MessagesController, ResponsesController],
  providers: [
    AnswersService,
    CircleService,
    CompletionsService,
    ContextWindows,
    FittedAnswers,
    LiveFeeds,
    ModelsAndCircle,
    OpenTurns,
    ServerSentEvents,
    SessionTurns,
    StreamedAnswers,
    Summaries,
    TokenCountsService,
    TurnOpenings,
    TurnStops,
  ],
})
export class CompletionsModule {
  static forRoot({ STREAM_HEARTBEAT_MS, STREAM_READER_TIMEOUT_MS }: Config): DynamicModule {
    const bounds = new StreamBounds(STREAM_HEARTBEAT_MS, STREAM_READER_TIMEOUT_MS);
    return { module: CompletionsModule, providers: [{ provide: StreamBounds, useValue: bounds }] };
  }
}
