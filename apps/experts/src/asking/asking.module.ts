import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { AskingOptions } from './asking.options.js';
import { ExpertCalls } from './expert-calls.js';
import { Models } from './models.js';
import { Places } from './places.js';

/** Asks experts through the gateway. */
@Module({})
export class AskingModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: AskingModule,
      global: true,
      providers: [{ provide: AskingOptions, useValue: new AskingOptions(config) }, Models, Places, ExpertCalls],
      exports: [Models, Places, ExpertCalls],
    };
  }
}
