import { Module } from '@nestjs/common';
import { AppendKeysRepository } from './append-keys.repository.js';
import { AppendKeysRetention } from './append-keys-retention.js';
import { AppendStore } from './append-store.js';
import { AppendWriter } from './append-writer.js';
import { ConversationsModule } from './conversations.module.js';
import { MessageList } from './message-list.js';
import { MessagesController } from './messages.controller.js';
import { MessagesService } from './messages.service.js';

@Module({
  imports: [ConversationsModule],
  controllers: [MessagesController],
  providers: [MessagesService, MessageList, AppendWriter, AppendStore, AppendKeysRepository, AppendKeysRetention],
})
export class MessagesModule {}
