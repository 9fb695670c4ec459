import { Body, Controller, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { exchangeRequest, exchangeResponse, type ExchangeRequest, type ExchangeResponse } from '@parley/contracts';
import { Public } from '@parley/identity';
import { Returns } from '@parley/service-kit';
import { ExchangeService } from './exchange.service.js';

/** For the edge alone, which routes nothing under `/internal` from outside. */
@Controller('internal/auth/exchange')
export class ExchangeController {
  constructor(private readonly exchanges: ExchangeService) {}

  @Post()
  @Public()
  @ApiOperation({ summary: 'Exchange an API key for a short-lived access token' })
  @Returns(200, exchangeResponse)
  exchange(@Body({ schema: exchangeRequest }) body: ExchangeRequest): Promise<ExchangeResponse> {
    return this.exchanges.exchange(body);
  }
}
