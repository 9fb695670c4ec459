import type { Clock, Log } from '@parley/service-kit';
import { propertiesOf } from '../broker/pass-on.js';
import type { Processor } from './processor.js';
import type { Delivery } from './subscription.js';

const attempts = 3;
const delay = { defaultMs: 1_000, maxMs: 5_000 };

/** Handles messages of this instance's own queue: a few attempts in place, and then they are dropped, loudly. */
export class BroadcastConsumer {
  constructor(
    private readonly processor: Processor,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  async handle({ channel, message }: Delivery): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.processor.process(message);
      if (outcome.kind === 'ack') break;
      const again = outcome.kind === 'retry' || outcome.kind === 'postpone';
      if (!again || attempt === attempts) {
        this.log.error(
          { event_id: propertiesOf(message).messageId, because: outcome.because },
          'a broadcast was dropped',
        );
        break;
      }
      const wanted = outcome.kind === 'retry' ? outcome.afterMs : undefined;
      await this.sleep(Math.min(wanted ?? delay.defaultMs, delay.maxMs));
    }
    channel.ack(message);
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.clock.setTimeout(resolve, ms));
  }
}
