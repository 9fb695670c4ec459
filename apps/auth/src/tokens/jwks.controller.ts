import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { jwks, type Jwks } from '@parley/contracts';
import { Public } from '@parley/identity';
import { Returns } from '@parley/service-kit';
import { SigningKeys } from './signing-keys.js';

@Controller('.well-known/jwks.json')
export class JwksController {
  constructor(private readonly keys: SigningKeys) {}

  @Get()
  @Public()
  @ApiOperation({ summary: 'The public keys that access tokens are signed with (RFC 7517)' })
  @Returns(200, jwks)
  @Header('cache-control', 'public, max-age=60')
  get(): Promise<Jwks> {
    return this.keys.fetch();
  }
}
