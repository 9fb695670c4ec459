import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation } from '@nestjs/swagger';
import {
  endLoginsQuery,
  loginPage,
  logoutRequest,
  pageQuery,
  type EndLoginsQuery,
  type Identity,
  type LoginPage,
  type LogoutRequest,
  type PageQuery,
} from '@parley/contracts';
import { Authenticated, Caller } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { z } from 'zod';
import { OwnLoginsService } from './own-logins.service.js';

@Controller('v1/auth')
export class OwnLoginsController {
  constructor(private readonly logins: OwnLoginsService) {}

  /** Not limited: whoever has used up their minute must still be able to leave. */
  @Post('logout')
  @Authenticated()
  @ApiOperation({ summary: 'End the login that the token belongs to' })
  @ApiBody({ required: false })
  @Returns(204)
  logout(@Caller() caller: Identity, @Body({ schema: logoutRequest }) body: LogoutRequest | undefined): Promise<void> {
    return this.logins.logout(caller, body);
  }

  @Get('logins')
  @Authenticated()
  @RateLimited()
  @ApiOperation({ summary: 'List the caller’s logins in the tenant that are going on, newest first' })
  @Returns(200, loginPage)
  list(@Caller() caller: Identity, @Query({ schema: pageQuery }) query: PageQuery): Promise<LoginPage> {
    return this.logins.list(caller, query);
  }

  @Delete('logins')
  @Authenticated()
  @RateLimited()
  @ApiOperation({ summary: 'End all logins of the caller in the tenant, this one too unless it is kept' })
  @Returns(204)
  endAll(@Caller() caller: Identity, @Query({ schema: endLoginsQuery }) query: EndLoginsQuery): Promise<void> {
    return this.logins.endAll(caller, query);
  }

  @Delete('logins/:id')
  @Authenticated()
  @RateLimited()
  @ApiOperation({ summary: 'End one login of the caller' })
  @Returns(204)
  end(@Caller() caller: Identity, @Param('id', { schema: z.uuid() }) id: string): Promise<void> {
    return this.logins.end(caller, id);
  }
}
