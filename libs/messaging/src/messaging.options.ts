import type { EventContract } from '@parley/contracts';
import type { AmqpConfig } from './config.js';

/** What a service has to do with events. Injectable by this class. */
export abstract class MessagingOptions {
  /** Names the queues: `parley.<service>`. */
  abstract readonly service: string;
  abstract readonly config: AmqpConfig;
  /** Contracts that the outbox may take; with none, no relay runs. */
  abstract readonly publishes?: readonly EventContract[];
  /** Contracts that have an `@EventPattern` handler here; one without a handler, or the other way round, stops the start. */
  abstract readonly subscribes?: readonly EventContract[];
}
