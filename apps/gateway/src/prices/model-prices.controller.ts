import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  effectivePrices,
  newPriceVersion,
  priceVersion,
  priceVersionList,
  priceVersionQuery,
  type EffectivePrices,
  type Identity,
  type NewPriceVersion,
  type PriceVersion,
  type PriceVersionList,
  type PriceVersionQuery,
} from '@parley/contracts';
import { Caller, Permit } from '@parley/identity';
import { RateLimited } from '@parley/limits';
import { Returns } from '@parley/service-kit';
import { ModelPricesService } from './model-prices.service.js';

@RateLimited()
@Controller('v1/model-prices')
export class ModelPricesController {
  constructor(private readonly prices: ModelPricesService) {}

  @Get()
  @Permit('prices:read')
  @ApiOperation({ summary: 'What calls of the tenant cost now, by model, with the source of each price' })
  @Returns(200, effectivePrices)
  effective(@Caller() caller: Identity): Promise<EffectivePrices> {
    return this.prices.effective(caller);
  }

  @Post()
  @Permit('prices:write')
  @ApiOperation({
    summary: 'Set the tenant’s own prices from now or a later moment on, in place of those it set before',
  })
  @Returns(201, priceVersion)
  create(@Caller() caller: Identity, @Body({ schema: newPriceVersion }) body: NewPriceVersion): Promise<PriceVersion> {
    return this.prices.create(caller, body);
  }

  @Get('versions')
  @Permit('prices:read')
  @ApiOperation({ summary: 'List the versions of the tenant’s own prices, the latest to begin first' })
  @Returns(200, priceVersionList)
  list(
    @Caller() caller: Identity,
    @Query({ schema: priceVersionQuery }) query: PriceVersionQuery,
  ): Promise<PriceVersionList> {
    return this.prices.list(caller, query);
  }
}
