import { Body, Controller, Post, UseGuards } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  loginRequest,
  refreshRequest,
  tokenResponse,
  type Identity,
  type LoginRequest,
  type TokenResponse,
} from '@parley/contracts';
import { Authenticated, Caller, Public } from '@parley/identity';
import { Returns } from '@parley/service-kit';
import type { z } from 'zod';
import { LoginLimitGuard } from './login-limit.guard.js';
import { LoginsService } from './logins.service.js';

@Controller('v1/auth')
export class LoginsController {
  constructor(private readonly logins: LoginsService) {}

  @Post('login')
  @Public()
  @UseGuards(LoginLimitGuard)
  @ApiOperation({ summary: 'Log in with an email address and a password' })
  @Returns(200, tokenResponse)
  login(@Body({ schema: loginRequest }) body: LoginRequest): Promise<TokenResponse> {
    return this.logins.login(body);
  }

  @Post('refresh')
  @Public()
  @ApiOperation({ summary: 'Replace a refresh token by a new pair of tokens' })
  @Returns(200, tokenResponse)
  refresh(@Body({ schema: refreshRequest }) body: z.infer<typeof refreshRequest>): Promise<TokenResponse> {
    return this.logins.refresh(body.refresh_token);
  }

  @Post('logout')
  @Authenticated()
  @ApiOperation({ summary: 'End the login that the token belongs to' })
  @Returns(204)
  logout(@Caller() caller: Identity): Promise<void> {
    return this.logins.logout(caller);
  }
}
