import { Module } from '@nestjs/common';
import { CircleService } from '../circle/circle.service.js';
import { KeyBoundsModule } from '../key-bounds/key-bounds.module.js';
import { SessionTurns } from '../session-turns/session-turns.js';
import { UsageModule } from '../usage/usage.module.js';
import { AnswersService } from './answers.service.js';
import { ChatCompletionsController } from './chat-completions.controller.js';
import { CompletionsService } from './completions.service.js';
import { MessagesController } from './messages.controller.js';
import { ModelsAndCircle } from './models-and-circle.js';
import { TokenCountsService } from './token-counts.service.js';

@Module({
  imports: [KeyBoundsModule, UsageModule],
  controllers: [ChatCompletionsController, MessagesController],
  providers: [AnswersService, CircleService, CompletionsService, ModelsAndCircle, SessionTurns, TokenCountsService],
})
export class CompletionsModule {}
