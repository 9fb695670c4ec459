import type { FactoryProvider } from '@nestjs/common';
import { SystemDatabase } from '@parley/persistence';
import { Clock, Log, Metrics, Shutdown } from '@parley/service-kit';
import { Broker } from '../broker/broker.js';
import { MessagingOptions } from '../messaging.options.js';
import { WakeSignal } from '../outbox/wake-signal.js';
import { measureOutbox } from './outbox-metrics.js';
import { Publisher } from './publisher.js';
import { Relay } from './relay.js';

/** The relay of a service that publishes: measured, started with the application, stopped by the drain. */
export const relayProvider: FactoryProvider<Relay> = {
  provide: Relay,
  inject: [MessagingOptions, Broker, SystemDatabase, WakeSignal, Clock, Log, Metrics, Shutdown],
  useFactory: (
    options: MessagingOptions,
    broker: Broker,
    database: SystemDatabase,
    signal: WakeSignal,
    clock: Clock,
    log: Log,
    metrics: Metrics,
    shutdown: Shutdown,
  ) => {
    const connection = broker.connection('publish');
    const publisher = new Publisher({
      connection,
      service: options.service,
      publishes: options.publishes ?? [],
      clock,
      log,
      onReady: () => relay.resume(),
    });
    const relay: Relay = new Relay(database, publisher, signal, clock, log);
    measureOutbox(metrics, database);
    shutdown.register('work', () => relay.stop());
    return relay;
  },
};
