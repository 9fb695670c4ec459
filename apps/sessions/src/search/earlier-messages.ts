import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { SystemDatabase } from '@parley/persistence';
import { Clock, Log, RecurringTask, Shutdown } from '@parley/service-kit';
import { SearchIndex } from './search-index.js';

const batch = 200;
const everyMs = 60_000;

interface Earlier {
  readonly id: string;
  readonly tenantId: string;
}

/** Held by the instance that goes on; there is none once all is done. */
const holdPlace = 'select after from earlier_messages for update skip locked';

/** Without what is being answered: its end is told by an event. */
const findEarlier = `select m.id, m.tenant_id as "tenantId" from messages m
  where m.id > $1 and m.role in ('user', 'assistant') and not exists (
    select from turns t where t.tenant_id = m.tenant_id and t.answer_id = m.id and t.id = m.turn_id and t.status = 'open')
  order by m.id limit ${batch}`;

/** Makes findable what was said before there was a search, once, from the oldest on. */
@Injectable()
export class EarlierMessages extends RecurringTask implements OnApplicationBootstrap {
  constructor(system: SystemDatabase, index: SearchIndex, clock: Clock, log: Log, shutdown: Shutdown) {
    super({
      ...{ clock, log, shutdown, everyMs },
      run: async () => {
        while (!shutdown.draining && (await addBatch(system, index)));
      },
      complaint: 'what was said before there was a search was not made findable',
    });
  }

  onApplicationBootstrap(): void {
    this.start(0);
  }
}

/** False where nothing is left to do. Done twice after a crash, which does no harm. */
const addBatch = (system: SystemDatabase, index: SearchIndex): Promise<boolean> =>
  system.transaction(async (tx) => {
    const [place] = await tx.query<{ after: string }>(holdPlace);
    if (!place) return false;
    const found = await tx.query<Earlier>(findEarlier, [place.after]);
    for (const [tenantId, own] of Map.groupBy(found, (message) => message.tenantId))
      await index.add(
        tenantId,
        own.map(({ id }) => id),
      );
    const last = found.at(-1);
    if (found.length === batch && last) await tx.query('update earlier_messages set after = $1', [last.id]);
    else await tx.query('delete from earlier_messages');
    return found.length === batch;
  });
