import { Module } from '@nestjs/common';
import { LiveStreamsModule } from '../live/live-streams.module.js';
import { ConversationsModule } from '../messages/conversations.module.js';
import { BranchesController } from './branches.controller.js';
import { BranchesRepository } from './branches.repository.js';
import { BranchesService } from './branches.service.js';

@Module({
  imports: [ConversationsModule, LiveStreamsModule],
  controllers: [BranchesController],
  providers: [BranchesService, BranchesRepository],
})
export class BranchesModule {}
