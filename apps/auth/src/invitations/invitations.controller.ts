import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  createdInvitation,
  createInvitationRequest,
  invitationPage,
  pageQuery,
  type CreatedInvitation,
  type CreateInvitationRequest,
  type Identity,
  type InvitationPage,
  type PageQuery,
} from '@parley/contracts';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { z } from 'zod';
import { InvitationsService } from './invitations.service.js';

@Controller('v1/invitations')
@RateLimited()
export class InvitationsController {
  constructor(private readonly invitations: InvitationsService) {}

  @Post()
  @Permit('users:write')
  @ApiOperation({ summary: 'Invite somebody; the token for them is shown this once' })
  @Returns(201, createdInvitation)
  create(
    @Caller() caller: Identity,
    @Body({ schema: createInvitationRequest }) body: CreateInvitationRequest,
  ): Promise<CreatedInvitation> {
    return this.invitations.create(caller, body);
  }

  @Get()
  @Permit('users:read')
  @ApiOperation({ summary: 'List the invitations of the tenant, newest first' })
  @Returns(200, invitationPage)
  list(@Caller() caller: Identity, @Query({ schema: pageQuery }) query: PageQuery): Promise<InvitationPage> {
    return this.invitations.list(caller, query);
  }

  @Delete(':id')
  @Permit('users:write')
  @ApiOperation({ summary: 'Take an invitation back' })
  @Returns(204)
  revoke(@Caller() caller: Identity, @Param('id', { schema: z.uuid() }) id: string): Promise<void> {
    return this.invitations.revoke(caller, id);
  }
}
