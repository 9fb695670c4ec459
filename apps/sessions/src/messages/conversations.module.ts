import { Module } from '@nestjs/common';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import { Conversations } from './conversations.js';
import { MessagesRepository } from './messages.repository.js';

/** The tables of sessions and their messages. */
@Module({
  providers: [SessionsRepository, MessagesRepository, Conversations],
  exports: [SessionsRepository, MessagesRepository, Conversations],
})
export class ConversationsModule {}
