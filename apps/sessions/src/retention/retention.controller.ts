import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { sessionRetention, type Identity, type SessionRetention } from '@parley/contracts';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { RetentionService } from './retention.service.js';

@RateLimited()
@Controller('v1/sessions/retention')
export class RetentionController {
  constructor(private readonly retention: RetentionService) {}

  @Get()
  @Permit('sessions:administer')
  @ApiOperation({ summary: 'Read how long the tenant keeps its sessions' })
  @Returns(200, sessionRetention)
  get(@Caller() caller: Identity): Promise<SessionRetention> {
    return this.retention.get(caller);
  }

  @Put()
  @Permit('sessions:administer')
  @ApiOperation({
    summary: 'Set how long the tenant keeps its sessions; what is older is deleted for good, within the hour',
  })
  @Returns(200, sessionRetention)
  set(
    @Caller() caller: Identity,
    @Body({ schema: sessionRetention }) retention: SessionRetention,
  ): Promise<SessionRetention> {
    return this.retention.set(caller, retention);
  }
}
