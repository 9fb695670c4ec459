import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { platformHealth, type PlatformHealth } from '@parley/contracts';
import { Public } from '@parley/identity';
import { Returns } from '@parley/service-kit';
import type { FastifyReply } from 'fastify';
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

  /** For people and for monitors that look at the status alone: 503 when a part of the public surface is down. */
  @Get('health')
  @ApiOperation({ summary: 'Health of all services and servers' })
  @Returns(200, platformHealth)
  @ApiResponse({ status: 503, standardSchema: platformHealth, description: 'A part of the public surface is down' })
  async health(@Res({ passthrough: true }) reply: FastifyReply): Promise<PlatformHealth> {
    const health = await this.platform.health();
    if (health.status === 'down') void reply.code(503);
    return health;
  }
}
