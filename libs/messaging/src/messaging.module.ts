import { Module, type DynamicModule } from '@nestjs/common';
import { Broker } from './broker/broker.js';
import { Consumers } from './consume/consumers.js';
import { EventsTransport } from './consume/events-transport.js';
import { InboxRetention } from './inbox/inbox-retention.js';
import { Inbox } from './inbox/inbox.js';
import { MessagingOptions } from './messaging.options.js';
import { Outbox } from './outbox/outbox.js';
import { WakeSignal } from './outbox/wake-signal.js';
import { relayProvider } from './relay/relay.provider.js';

/** A service's events, out and in. Needs KitModule and PersistenceModule, and the migrations of outbox and inbox. */
@Module({})
export class MessagingModule {
  static forRoot(options: MessagingOptions): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      providers: [
        { provide: MessagingOptions, useValue: options },
        Broker,
        WakeSignal,
        Outbox,
        Inbox,
        InboxRetention,
        Consumers,
        EventsTransport,
        ...(options.publishes?.length ? [relayProvider] : []),
      ],
      exports: [Outbox, Inbox, EventsTransport],
    };
  }
}
