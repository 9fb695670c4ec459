import { Body, Controller, Header, Headers, Post, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  introspection,
  introspectionRequest,
  oauthError,
  oauthTokenResponse,
  revocationRequest,
  tokenRequest,
  type Identity,
  type Introspection,
  type IntrospectionRequest,
  type OAuthTokenResponse,
  type RevocationRequest,
  type TokenRequest,
} from '@parley/contracts';
import { Caller, Permit, Public } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { BodyLimit, FormBody, Returns, TakesBasic, UseErrorDialect } from '@parley/service-kit';
import { Introspections } from './introspections.service.js';
import { oauthErrors } from './oauth-errors.js';
import { GrantTypeGuard, OAuthAddressGuard } from './oauth-requests.guards.js';
import { Revocations } from './revocations.service.js';
import { TokenGrants } from './token-grants.service.js';

/** Two tokens of 4 KB, a scope as long, and what is around them. */
const maxFormBytes = 16_384;

@Controller('v1/auth')
@UseErrorDialect(oauthErrors, oauthError)
@ApiResponse({ status: 400, description: 'What is asked for cannot be given', standardSchema: oauthError })
@ApiResponse({ status: 401, description: 'Whoever asks is not known', standardSchema: oauthError })
@BodyLimit(maxFormBytes)
export class OAuthController {
  constructor(
    private readonly grants: TokenGrants,
    private readonly introspections: Introspections,
    private readonly revocations: Revocations,
  ) {}

  @Post('token')
  @Public()
  @TakesBasic()
  @FormBody()
  @UseGuards(OAuthAddressGuard, GrantTypeGuard)
  @ApiOperation({
    summary: 'A token for a client, for a refresh token, or for a token of somebody in whose place to act',
  })
  @Returns(200, oauthTokenResponse)
  @Header('cache-control', 'no-store')
  token(
    @Headers('authorization') authorization: string | undefined,
    @Body({ schema: tokenRequest }) form: TokenRequest,
  ): Promise<OAuthTokenResponse> {
    return this.grants.issue({ authorization, form });
  }

  @Post('introspect')
  @Permit('tokens:introspect')
  @FormBody()
  @RateLimited()
  @ApiOperation({ summary: 'Whether a token of the tenant is good, and what it says (RFC 7662)' })
  @Returns(200, introspection)
  @Header('cache-control', 'no-store')
  introspect(
    @Caller() caller: Identity,
    @Body({ schema: introspectionRequest }) { token }: IntrospectionRequest,
  ): Promise<Introspection> {
    return this.introspections.read(caller, token);
  }

  @Post('revoke')
  @Public()
  @TakesBasic()
  @FormBody()
  @UseGuards(OAuthAddressGuard)
  @ApiOperation({ summary: 'End an access token, or a refresh token with its login (RFC 7009)' })
  @Returns(200)
  @Header('cache-control', 'no-store')
  revoke(
    @Headers('authorization') authorization: string | undefined,
    @Body({ schema: revocationRequest }) form: RevocationRequest,
  ): Promise<void> {
    return this.revocations.revoke({ authorization, form });
  }
}
