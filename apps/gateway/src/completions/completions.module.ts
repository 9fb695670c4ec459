import { Module } from '@nestjs/common';
import { UsageModule } from '../usage/usage.module.js';
import { AnswersService } from './answers.service.js';
import { ChatCompletionsController } from './chat-completions.controller.js';
import { CompletionsService } from './completions.service.js';
import { MessagesController } from './messages.controller.js';
import { TokenCountsService } from './token-counts.service.js';

@Module({
  imports: [UsageModule],
  controllers: [ChatCompletionsController, MessagesController],
  providers: [AnswersService, CompletionsService, TokenCountsService],
})
export class CompletionsModule {}
