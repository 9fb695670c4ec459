import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  foundMessages,
  sessionSearchQuery,
  type FoundMessages,
  type Identity,
  type SessionSearchQuery,
} from '@parley/contracts';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { SearchService } from './search.service.js';

@RateLimited()
@Controller('v1/sessions/search')
export class SearchController {
  constructor(private readonly searches: SearchService) {}

  @Get()
  @Permit('sessions:read')
  @ApiOperation({
    summary: 'Find messages by their words: of the newest 500 that fit the best first, then of those that are older',
  })
  @Returns(200, foundMessages)
  search(
    @Caller() caller: Identity,
    @Query({ schema: sessionSearchQuery }) query: SessionSearchQuery,
  ): Promise<FoundMessages> {
    return this.searches.page(caller, query);
  }
}
