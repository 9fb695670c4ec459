import { Controller, Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { expertList, type Expert } from '@parley/contracts';
import { Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { Circle, toExpert } from './circle.js';

@RateLimited()
@Controller('v1/experts')
export class ExpertsController {
  constructor(private readonly circle: Circle) {}

  @Get()
  @Permit('experts:read')
  @ApiOperation({ summary: 'List the experts' })
  @Returns(200, expertList)
  list(): { data: Expert[] } {
    return { data: this.circle.experts.map(toExpert) };
  }
}
