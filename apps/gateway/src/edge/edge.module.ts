import { Module, type DynamicModule } from '@nestjs/common';
import { EdgeAuthenticator } from './edge-authenticator.js';
import { EdgeOptions } from './edge.options.js';
import { EdgeServer } from './edge.server.js';

/** Gives `EdgeServer`, to be told to listen once the gateway itself is ready. */
@Module({})
export class EdgeModule {
  static forRoot(options: EdgeOptions): DynamicModule {
    return {
      module: EdgeModule,
      providers: [{ provide: EdgeOptions, useValue: options }, EdgeAuthenticator, EdgeServer],
      exports: [EdgeServer],
    };
  }
}
