import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { AcceptancesService } from './acceptances.service.js';
import { InvitationsController } from './invitations.controller.js';
import { InvitationsRepository } from './invitations.repository.js';
import { InvitationsService } from './invitations.service.js';

@Module({
  imports: [AccountsModule],
  controllers: [InvitationsController],
  providers: [InvitationsRepository, InvitationsService, AcceptancesService],
  exports: [AcceptancesService],
})
export class InvitationsModule {}
