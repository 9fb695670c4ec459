import type { OnApplicationBootstrap } from '@nestjs/common';
import type { SystemDatabase } from '@parley/persistence';
import type { Clock, Log } from '@parley/service-kit';
import { backoffMs } from '../broker/broker-connection.js';
import type { WakeSignal } from '../outbox/wake-signal.js';
import { joinLists, type StoredEvent } from './join-lists.js';
import type { Publisher } from './publisher.js';
import { forget, maxEvents, take } from './statements.js';

/** How often the table is looked at without a wake-up: rows of instances that died are found by this. */
const pollMs = 1_000;
/** Rows that come in close together go out together. Nobody waits for a relay: the fewer rounds, the more work for the rest. */
const gatherMs = 100;

/**
 * Moves events from the outbox to the broker: at least once, and in the order of their insertion as far as one instance
 * can tell. A row leaves the table when the broker has confirmed its event.
 */
export class Relay implements OnApplicationBootstrap {
  private stopping = false;
  private failures = 0;
  private running: Promise<void> = Promise.resolve();
  private interrupt: () => void = () => undefined;

  constructor(
    private readonly database: SystemDatabase,
    private readonly publisher: Publisher,
    private readonly signal: WakeSignal,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): Promise<void> {
    this.running = this.run();
    return this.publisher.open();
  }

  /** The broker is there (again): what waits out a failure goes on. */
  resume(): void {
    this.interrupt();
  }

  /** Sends what is committed by now, if the broker takes it, and stops. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.interrupt();
    this.signal.wake();
    await this.running;
    await this.publisher.close();
  }

  private async run(): Promise<void> {
    for (;;) {
      const sent = await this.forward();
      if (this.stopping) {
        if (sent === 0 || sent === 'failed') return;
      } else if (sent === 'failed') await this.sleep(backoffMs(++this.failures));
      else if (sent === 0) await this.signal.wait((fire) => this.clock.setTimeout(fire, pollMs));
      else if (sent < maxEvents) await this.sleep(gatherMs);
    }
  }

  /** One batch: how many events went out, or that not all of them did. */
  private async forward(): Promise<number | 'failed'> {
    if (!this.publisher.ready) return 'failed';
    try {
      const complete = await this.database.transaction(async (tx) => {
        const events = await tx.query<StoredEvent>(take);
        if (events.length === 0) return 0;
        const confirmed = await this.publisher.publish(joinLists(events));
        const positions = confirmed.flatMap((event) => event.positions);
        await tx.query(forget, [positions]);
        return positions.length === events.length ? events.length : ('failed' as const);
      });
      if (complete !== 'failed') this.failures = 0;
      return complete;
    } catch (err) {
      if (this.failures === 0) this.log.warn({ err }, 'the relay cannot read the outbox; events wait');
      return 'failed';
    }
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.clock.setTimeout(resolve, ms);
      this.interrupt = () => {
        cancel();
        resolve();
      };
    });
  }
}
