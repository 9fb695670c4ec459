import { Controller, Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { platformHealth } from '@parley/contracts';
import { Public } from '@parley/identity';
import { Returns } from '@parley/service-kit';
import { z } from 'zod';
import { PlatformService } from './platform.service.js';

const index = z
  .strictObject({
    name: z.string(),
    version: z.string(),
    documentation: z.string(),
    openapi: z.string(),
    health: z.string(),
  })
  .meta({ id: 'ApiIndex' });

@Public()
@Controller()
export class PlatformController {
  constructor(private readonly platform: PlatformService) {}

  @Get()
  @ApiOperation({ summary: 'Name the API' })
  @Returns(200, index)
  about() {
    return { name: 'Parley', version: 'v1', documentation: '/docs', openapi: '/openapi.json', health: '/health' };
  }

  @Get('health')
  @ApiOperation({ summary: 'Health of all services and servers' })
  @Returns(200, platformHealth)
  health() {
    return this.platform.health();
  }
}
