import { Module } from '@nestjs/common';
import { UsageModule } from '../usage/usage.module.js';
import { AnswersService } from './answers.service.js';
import { ChatCompletionsController } from './chat-completions.controller.js';
import { CompletionsService } from './completions.service.js';
import { MessagesController } from './messages.controller.js';

@Module({
  imports: [UsageModule],
  controllers: [ChatCompletionsController, MessagesController],
  providers: [AnswersService, CompletionsService],
})
export class CompletionsModule {}
