import { Module } from '@nestjs/common';
import { ConversationsModule } from '../messages/conversations.module.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';

@Module({ imports: [ConversationsModule], controllers: [SessionsController], providers: [SessionsService] })
export class SessionsModule {}
