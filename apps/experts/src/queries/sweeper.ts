import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { SystemDatabase } from '@parley/persistence';
import { Clock, Log, RecurringTask, Shutdown } from '@parley/service-kit';

/** How often a lost query is looked for: the longest that it stays running beyond its lease. */
const everyMs = 2_000;

/** Of one statement. */
const batch = 500;

/** Instances share the work: each takes the rows that no other holds. */
const interrupt = {
  name: 'experts_interrupt_lost',
  text: `update expert_queries set status = 'interrupted', finished_at = now()
    where id in (select id from expert_queries where status = 'running' and lease_until < now()
                 order by lease_until limit ${batch} for update skip locked)
    returning id`,
};

/** Interrupts the queries of instances that are gone. What had been answered stays; nobody is asked again. */
@Injectable()
export class Sweeper extends RecurringTask implements OnApplicationBootstrap {
  constructor(database: SystemDatabase, clock: Clock, log: Log, shutdown: Shutdown) {
    const sweep = async () => {
      let lost: readonly { readonly id: string }[];
      do {
        lost = await database.query<{ id: string }>(interrupt);
        for (const { id } of lost) log.warn({ query_id: id }, 'a query was interrupted: its instance gave no sign');
      } while (lost.length === batch && !shutdown.draining);
    };
    super({ clock, log, shutdown, everyMs, run: sweep, complaint: 'lost queries could not be looked for' });
  }

  onApplicationBootstrap(): void {
    this.start();
  }
}
