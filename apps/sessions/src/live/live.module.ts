import { Module, type DynamicModule } from '@nestjs/common';
import { ServerSentEvents, StreamBounds } from '@parley/service-kit';
import type { Config } from '../config.js';
import { LiveEntries } from './live-entries.js';
import { LiveReaders } from './live-readers.js';
import { LiveController } from './live.controller.js';
import { LiveRepository } from './live.repository.js';
import { LiveBounds, Seats } from './seats.js';
import { Watches } from './watches.js';

@Module({})
export class LiveModule {
  static forRoot(config: Config): DynamicModule {
    const bounds = new StreamBounds(config.STREAM_HEARTBEAT_MS, config.STREAM_READER_TIMEOUT_MS);
    return {
      module: LiveModule,
      controllers: [LiveController],
      providers: [
        { provide: LiveBounds, useValue: new LiveBounds(config) },
        { provide: StreamBounds, useValue: bounds },
        LiveEntries,
        LiveReaders,
        LiveRepository,
        Seats,
        ServerSentEvents,
        Watches,
      ],
    };
  }
}
