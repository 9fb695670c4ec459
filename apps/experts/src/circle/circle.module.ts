import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { Circle } from './circle.js';
import { ExpertsController } from './experts.controller.js';

@Module({})
export class CircleModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: CircleModule,
      global: true,
      controllers: [ExpertsController],
      providers: [{ provide: Circle, useValue: new Circle(config.EXPERTS) }],
      exports: [Circle],
    };
  }
}
