import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { Leases } from './leases.js';
import { QueriesController } from './queries.controller.js';
import { QueriesOptions } from './queries.options.js';
import { QueriesRepository } from './queries.repository.js';
import { QueriesService } from './queries.service.js';
import { QueryArchive } from './query-archive.js';
import { QueryRuns } from './query-runs.js';
import { QueryStore } from './query-store.js';
import { Sweeper } from './sweeper.js';

@Module({})
export class QueriesModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: QueriesModule,
      controllers: [QueriesController],
      providers: [
        { provide: QueriesOptions, useValue: new QueriesOptions(config) },
        QueriesRepository,
        QueryStore,
        QueryArchive,
        QueryRuns,
        QueriesService,
        Leases,
        Sweeper,
      ],
    };
  }
}
