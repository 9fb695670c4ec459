import { Controller, Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { me, type Identity, type Me } from '@parley/contracts';
import { Authenticated, Caller } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { AccountsService } from './accounts.service.js';

@Controller('v1/auth/me')
@RateLimited()
export class MeController {
  constructor(private readonly accounts: AccountsService) {}

  @Get()
  @Authenticated()
  @ApiOperation({ summary: 'Who the credential is, and what it may do' })
  @Returns(200, me)
  get(@Caller() caller: Identity): Promise<Me> {
    return this.accounts.me(caller);
  }
}
