import { Module, type DynamicModule } from '@nestjs/common';
import { Log, Metrics, problemDialect, RequestMetrics } from '@parley/service-kit';
import { EdgeAuthenticator } from './edge-authenticator.js';
import { EdgeOptions } from './edge.options.js';
import { EdgeServer } from './edge.server.js';
import { FailedExchanges } from './failed-exchanges.js';
import { KeyExchange } from './key-exchange.js';
import { Refusals } from './refusals.js';

/** Gives `EdgeServer`, to be told to listen once the gateway itself is ready. Wants LimitsModule. */
@Module({})
export class EdgeModule {
  static forRoot(options: EdgeOptions): DynamicModule {
    return {
      module: EdgeModule,
      providers: [
        { provide: EdgeOptions, useValue: options },
        {
          provide: Refusals,
          inject: [Log, Metrics],
          useFactory: (log: Log, metrics: Metrics) =>
            new Refusals({ problem: problemDialect, ...options.dialects }, log, new RequestMetrics(metrics)),
        },
        FailedExchanges,
        KeyExchange,
        EdgeAuthenticator,
        EdgeServer,
      ],
      exports: [EdgeServer],
    };
  }
}
