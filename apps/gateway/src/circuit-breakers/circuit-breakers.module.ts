import { Module, type OnModuleInit } from '@nestjs/common';
import { ModelRouter } from '@parley/llm';
import { CircuitBreakers } from '@parley/service-kit';
import { CircuitBreakersController } from './circuit-breakers.controller.js';
import { CircuitBreakersService } from './circuit-breakers.service.js';
import { InstanceBreakers } from './instance-breakers.js';
import { modelBreakers } from './model-breakers.js';

@Module({ controllers: [CircuitBreakersController], providers: [CircuitBreakersService, InstanceBreakers] })
export class CircuitBreakersModule implements OnModuleInit {
  constructor(
    private readonly breakers: CircuitBreakers,
    private readonly router: ModelRouter,
  ) {}

  onModuleInit(): void {
    this.breakers.register(() => modelBreakers(this.router));
  }
}
