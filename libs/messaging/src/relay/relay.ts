import type { OnApplicationBootstrap } from '@nestjs/common';
import type { SystemDatabase } from '@parley/persistence';
import type { Clock, Log } from '@parley/service-kit';
import { backoffMs } from '../broker/broker-connection.js';
import type { WakeSignal } from '../outbox/wake-signal.js';
import type { Publisher, StoredEvent } from './publisher.js';

const maxEvents = 500;
/** Of data in one batch, so that a backlog of large events does not fill the memory. */
const maxBytes = 4_000_000;
/** How often the table is looked at without a wake-up: rows of instances that died are found by this. */
const pollMs = 1_000;
/** Rows that come in close together go out together. */
const gatherMs = 20;

/** Rows that another relay has taken are passed over, so any number of instances share the work. */
const take = {
  name: 'parley_outbox_take',
  text: `
    with head as materialized (
      select position, bytes from outbox order by position limit ${maxEvents} for update skip locked
    ), batch as (
      select position from (select position, sum(bytes) over (order by position) - bytes as before from head) as h
       where before < ${maxBytes}
    )
    select position, id, type, tenant_id, occurred_at, traceparent, data
      from outbox join batch using (position) order by position`,
};
const forget = { name: 'parley_outbox_forget', text: 'delete from outbox where position = any($1::bigint[])' };

/**
 * Moves events from the outbox to the broker: at least once, and in the order of their commits as far as one instance
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
        const confirmed = await this.publisher.publish(events);
        await tx.query(forget, [confirmed.map((event) => event.position)]);
        return confirmed.length === events.length ? events.length : ('failed' as const);
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
