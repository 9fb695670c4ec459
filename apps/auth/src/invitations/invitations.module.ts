import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { AcceptancesService } from './acceptances.service.js';
import { InvitationsController } from './invitations.controller.js';
import { InvitationsRepository } from './invitations.repository.js';
import { InvitationsService } from './invitations.service.js';
import { InviteeAccounts } from './invitee-accounts.js';

@Module({
  imports: [AccountsModule],
  controllers: [InvitationsController],
  providers: [InvitationsRepository, InvitationsService, InviteeAccounts, AcceptancesService],
  exports: [AcceptancesService],
})
export class InvitationsModule {}
