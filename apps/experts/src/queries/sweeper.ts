import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { SystemDatabase } from '@parley/persistence';
import { Clock, Log, Shutdown } from '@parley/service-kit';

/** How often a lost query is looked for: the longest that it stays running beyond its lease. */
const everyMs = 2_000;

/** Instances share the work: each takes the rows that no other holds. */
const interrupt = {
  name: 'experts_interrupt_lost',
  text: `update expert_queries set status = 'interrupted', finished_at = now()
    where id in (select id from expert_queries where status = 'running' and lease_until < now()
                 order by lease_until limit 500 for update skip locked)
    returning id`,
};

/** Interrupts the queries of instances that are gone. What had been answered stays; nobody is asked again. */
@Injectable()
export class Sweeper implements OnApplicationBootstrap {
  private cancel: () => void = () => undefined;
  private sweeping: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly database: SystemDatabase,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly shutdown: Shutdown,
  ) {}

  onApplicationBootstrap(): void {
    this.plan();
    this.shutdown.register('work', () => {
      this.stopped = true;
      this.cancel();
      return this.sweeping;
    });
  }

  private plan(): void {
    if (this.stopped) return;
    this.cancel = this.clock.setTimeout(() => {
      this.sweeping = this.sweep().finally(() => this.plan());
    }, everyMs);
  }

  private async sweep(): Promise<void> {
    try {
      const lost = await this.database.query<{ id: string }>(interrupt);
      for (const { id } of lost) this.log.warn({ query_id: id }, 'a query was interrupted: its instance gave no sign');
    } catch (err) {
      this.log.warn({ err }, 'lost queries could not be looked for');
    }
  }
}
