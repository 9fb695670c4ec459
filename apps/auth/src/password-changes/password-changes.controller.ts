import { Body, Controller, Ip, Post, UseGuards } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  changePasswordRequest,
  requestPasswordReset,
  resetPasswordRequest,
  type ChangePasswordRequest,
  type Identity,
  type RequestPasswordReset,
  type ResetPasswordRequest,
} from '@parley/contracts';
import { Authenticated, Caller, Public } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { LoginAddressGuard } from '../logins/address-limit.guards.js';
import { PasswordChangesService } from './password-changes.service.js';
import { PasswordResetsService } from './password-resets.service.js';
import { ResetRequestsService } from './reset-requests.service.js';

@Controller('v1/auth')
export class PasswordChangesController {
  constructor(
    private readonly changes: PasswordChangesService,
    private readonly requests: ResetRequestsService,
    private readonly resets: PasswordResetsService,
  ) {}

  @Post('password')
  @Authenticated()
  @RateLimited()
  @ApiOperation({ summary: 'Change the caller’s password; all their other logins end' })
  @Returns(204)
  change(
    @Caller() caller: Identity,
    @Body({ schema: changePasswordRequest }) body: ChangePasswordRequest,
    @Ip() address: string,
  ): Promise<void> {
    return this.changes.change(caller, body, address);
  }

  @Post('password-resets')
  @Public()
  @UseGuards(LoginAddressGuard)
  @ApiOperation({ summary: 'Have a one-time token sent to an address, where it has an account' })
  @Returns(202)
  request(@Body({ schema: requestPasswordReset }) body: RequestPasswordReset): Promise<void> {
    return this.requests.request(body.email);
  }

  @Post('password-resets/confirm')
  @Public()
  @UseGuards(LoginAddressGuard)
  @ApiOperation({ summary: 'Set a password by a one-time token; all logins of its user end' })
  @Returns(204)
  confirm(@Body({ schema: resetPasswordRequest }) body: ResetPasswordRequest): Promise<void> {
    return this.resets.confirm(body);
  }
}
