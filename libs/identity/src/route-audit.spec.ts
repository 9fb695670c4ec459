import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Post, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { EventPattern } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { Authenticated, Permit, Public } from './decorators.js';
import { RouteAudit } from './route-audit.js';

@Controller('decided')
class Decided {
  @Get() @Public() open(): void {}
  @Get('mine') @Authenticated() mine(): void {}
  @Post() @Permit('usage:read') usage(): void {}
  @EventPattern('auth.api_key.revoked.v1') onEvent(event: unknown): unknown {
    return event;
  }
  notARoute(): void {}
}

@Public()
@Controller('decided-as-a-whole')
class DecidedAsAWhole {
  @Get() open(): void {}
}

@Controller('forgotten')
class Forgotten {
  @Get() @Public() open(): void {}
  @Get('one') one(): void {}
  @Post('two') two(): void {}
}

async function start(...controllers: Type[]): Promise<void> {
  const imports = [DiscoveryModule];
  const service = await Test.createTestingModule({ imports, controllers, providers: [RouteAudit] }).compile();
  await service.init();
}

describe('a service’s start', () => {
  it('succeeds when every route says who may call it, itself or by its controller', async () => {
    await expect(start(Decided, DecidedAsAWhole)).resolves.toBeUndefined();
  });

  it('fails and names each route that does not', async () => {
    await expect(start(Decided, Forgotten)).rejects.toThrow(/Forgotten\.one, Forgotten\.two:/);
  });
});
