import { Body, Controller, Headers, Ip, Post, UseGuards } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { loginRequest, refreshRequest, tokenResponse, type LoginRequest, type TokenResponse } from '@parley/contracts';
import { Public } from '@parley/identity';
import { Returns } from '@parley/service-kit';
import type { z } from 'zod';
import { LoginAddressGuard, RefreshAddressGuard } from './address-limit.guards.js';
import { LoginsService } from './logins.service.js';
import { RefreshesService } from './refreshes.service.js';

@Controller('v1/auth')
export class LoginsController {
  constructor(
    private readonly logins: LoginsService,
    private readonly refreshes: RefreshesService,
  ) {}

  @Post('login')
  @Public()
  @UseGuards(LoginAddressGuard)
  @ApiOperation({ summary: 'Log in with an email address and a password' })
  @Returns(200, tokenResponse)
  login(
    @Body({ schema: loginRequest }) body: LoginRequest,
    @Ip() address: string,
    @Headers('user-agent') userAgent?: string,
  ): Promise<TokenResponse> {
    return this.logins.login(body, { address, userAgent });
  }

  @Post('refresh')
  @Public()
  @UseGuards(RefreshAddressGuard)
  @ApiOperation({ summary: 'Replace a refresh token by a new pair of tokens' })
  @Returns(200, tokenResponse)
  refresh(@Body({ schema: refreshRequest }) body: z.infer<typeof refreshRequest>): Promise<TokenResponse> {
    return this.refreshes.refresh(body.refresh_token);
  }
}
