import { Controller, Get, Module, Param, Post, SetMetadata } from '@nestjs/common';
import { breakerName, heldBreakers, type HeldBreakers, type Permission } from '@parley/contracts';
import { Returns } from '../http/returns.js';
import { Log } from '../log/log.js';
import { permissionMetadata } from '../openapi/permission-metadata.js';
import { CircuitBreakers } from './circuit-breakers.js';

/** What `@Permit` of @parley/identity does, which stands above this library; its guard stands before every controller. */
const permit = (permission: Permission) => SetMetadata(permissionMetadata, permission);

/** The breakers of this one instance, for the gateway, which gathers them. */
@Controller('internal/circuit-breakers')
class CircuitBreakersController {
  constructor(
    private readonly breakers: CircuitBreakers,
    private readonly log: Log,
  ) {}

  @Get()
  @permit('circuit_breakers:read')
  @Returns(200, heldBreakers)
  list(): HeldBreakers {
    return { data: this.breakers.list() };
  }

  @Post(':name/reset')
  @permit('circuit_breakers:reset')
  @Returns(200, heldBreakers)
  reset(@Param('name', { schema: breakerName }) name: string): HeldBreakers {
    const reset = this.breakers.reset(name);
    if (reset.length > 0) this.log.warn({ breaker: name }, 'a circuit breaker was reset by hand');
    return { data: reset };
  }
}

/** A part of every service; left out of its API document, as the kit's other routes are. */
@Module({ controllers: [CircuitBreakersController] })
export class CircuitBreakersModule {}
