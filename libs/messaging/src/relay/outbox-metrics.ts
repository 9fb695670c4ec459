import type { SystemDatabase } from '@parley/persistence';
import type { Metrics } from '@parley/service-kit';

/** Counting stops here: a backlog beyond it is as alarming, and counting it would add to the load. */
const countedUpTo = 10_000;

const measure = `
  select (select count(*)::int from (select from outbox limit ${countedUpTo}) as head) as waiting,
         coalesce(extract(epoch from now() - (select occurred_at from outbox order by position limit 1)), 0)::float8 as oldest`;

/** `outbox_waiting` and `outbox_oldest_seconds`, asked at each scrape; while the database is away they keep their values. */
export function measureOutbox(metrics: Metrics, database: SystemDatabase): void {
  const oldest = metrics.gauge({
    name: 'outbox_oldest_seconds',
    help: 'Age of the oldest event that waits for the relay',
  });
  metrics.gauge({
    name: 'outbox_waiting',
    help: `Events that wait for the relay, counted up to ${countedUpTo}`,
    collect: async (waiting) => {
      const rows = await database.query<{ waiting: number; oldest: number }>(measure).catch(() => []);
      for (const row of rows) {
        waiting.with({}).set(row.waiting);
        oldest.with({}).set(row.oldest);
      }
    },
  });
}
