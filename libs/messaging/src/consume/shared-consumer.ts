import type { Log } from '@parley/service-kit';
import type { ConsumeMessage } from 'amqplib';
import { headersOf, passOn, propertiesOf } from '../broker/pass-on.js';
import { sendConfirmed } from '../broker/send.js';
import { attemptHeader, deadQueue, reasonHeader, retryQueue } from '../topology.js';
import { nextStep, type Outcome, type Step } from './next-step.js';
import type { Processor } from './processor.js';
import type { Delivery } from './subscription.js';

/** Handles messages of the queue that all instances share, and passes on those that need another time or place. */
export class SharedConsumer {
  constructor(
    private readonly service: string,
    private readonly processor: Processor,
    private readonly log: Log,
  ) {}

  /** The message is acknowledged when its effect is committed, or when the broker has it safe in another queue. */
  async handle({ channel, message }: Delivery): Promise<void> {
    const attempts = attemptsOf(message);
    const outcome = await this.processor.process(message);
    const step = nextStep(attempts, outcome);
    this.report(message, outcome, step);
    if (step.to === 'retry') {
      const queue = retryQueue(this.service, step.delayMs);
      await sendConfirmed(channel, queue, message.content, passOn(message, { [attemptHeader]: step.attempts }));
    }
    if (step.to === 'dead') {
      const headers = { [attemptHeader]: attempts + 1, [reasonHeader]: step.reason };
      await sendConfirmed(channel, deadQueue(this.service), message.content, passOn(message, headers));
    }
    channel.ack(message);
  }

  private report(message: ConsumeMessage, outcome: Outcome, step: Step): void {
    if (outcome.kind === 'ack') return;
    const fields = { event_id: propertiesOf(message).messageId, because: outcome.because, ...step };
    if (step.to === 'dead') this.log.error(fields, 'an event was given up and is a dead letter now');
    else if (step.to === 'retry') this.log.warn(fields, 'an event will be tried again');
    else this.log.info(fields, 'an event was dropped');
  }
}

function attemptsOf(message: ConsumeMessage): number {
  const value = headersOf(message)[attemptHeader];
  return typeof value === 'number' ? value : 0;
}
