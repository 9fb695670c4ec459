import { Module } from '@nestjs/common';
import { ConversationsModule } from '../messages/conversations.module.js';
import { SessionStatsController } from './session-stats.controller.js';
import { SessionStatsRepository } from './session-stats.repository.js';
import { SessionStatsService } from './session-stats.service.js';

@Module({
  imports: [ConversationsModule],
  controllers: [SessionStatsController],
  providers: [SessionStatsService, SessionStatsRepository],
})
export class SessionStatsModule {}
