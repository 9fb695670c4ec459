import { Controller, Get, Param, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiParam } from '@nestjs/swagger';
import {
  breakerName,
  circuitBreakerAnswer,
  circuitBreakerList,
  type CircuitBreakerAnswer,
  type CircuitBreakerList,
  type Identity,
} from '@parley/contracts';
import { bearerToken, Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import type { FastifyRequest } from 'fastify';
import { CircuitBreakersService } from './circuit-breakers.service.js';

/** A name holds slashes, and the path's own slash follows it. */
const NameInPath = () =>
  ApiParam({ name: 'name', description: 'As it is listed, percent-encoded: `anthropic%2Fclaude-sonnet-5-5`' });

@RateLimited()
@Controller('v1/circuit-breakers')
export class CircuitBreakersController {
  constructor(private readonly breakers: CircuitBreakersService) {}

  /** Of all services and instances: how they are now, and which instances do not answer. */
  @Get()
  @Permit('circuit_breakers:read')
  @ApiOperation({ summary: 'List the circuit breakers' })
  @Returns(200, circuitBreakerList)
  list(@Caller() caller: Identity, @Req() { raw }: FastifyRequest): Promise<CircuitBreakerList> {
    return this.breakers.list({ caller, token: bearerToken(raw) });
  }

  /** What each instance that has it says of it. */
  @Get(':name')
  @Permit('circuit_breakers:read')
  @ApiOperation({ summary: 'Read one circuit breaker' })
  @NameInPath()
  @Returns(200, circuitBreakerAnswer)
  get(
    @Caller() caller: Identity,
    @Param('name', { schema: breakerName }) name: string,
    @Req() { raw }: FastifyRequest,
  ): Promise<CircuitBreakerAnswer> {
    return this.breakers.get({ caller, token: bearerToken(raw) }, name);
  }

  /** Closes it in every instance that has it, so that calls pass at once; a target that still fails opens it again. */
  @Post(':name/reset')
  @Permit('circuit_breakers:reset')
  @ApiOperation({ summary: 'Reset one circuit breaker' })
  @NameInPath()
  @Returns(200, circuitBreakerAnswer)
  reset(
    @Caller() caller: Identity,
    @Param('name', { schema: breakerName }) name: string,
    @Req() { raw }: FastifyRequest,
  ): Promise<CircuitBreakerAnswer> {
    return this.breakers.reset({ caller, token: bearerToken(raw) }, name);
  }
}
