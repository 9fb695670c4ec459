import { Module } from '@nestjs/common';
import { LiveStreamsModule } from '../live/live-streams.module.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { SummariesRepository } from '../summaries/summaries.repository.js';
import { Conversations } from './conversations.js';
import { MessagesRepository } from './messages.repository.js';

/** The tables of sessions and their messages. */
@Module({
  imports: [LiveStreamsModule],
  providers: [SessionsRepository, MessagesRepository, SummariesRepository, Conversations],
  exports: [SessionsRepository, MessagesRepository, SummariesRepository, Conversations],
})
export class ConversationsModule {}
