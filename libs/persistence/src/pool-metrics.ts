import type { Metrics } from '@parley/service-kit';
import type pg from 'pg';
import { queryTypes, type QueryType } from './measured-client.js';

/** `db_query_duration_seconds{query_type}`, one child per type, so that observing looks nothing up. */
export function queryHistogram(metrics: Metrics): Record<QueryType, { observe(seconds: number): void }> {
  const histogram = metrics.histogram({
    name: 'db_query_duration_seconds',
    help: 'Time from sending a statement to its result, by kind of statement',
    labels: ['query_type'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  });
  const children = queryTypes.map((type) => [type, histogram.with({ query_type: type })]);
  return Object.fromEntries(children) as Record<QueryType, { observe(seconds: number): void }>;
}

/** `db_pool_connections{role,state}` and `db_pool_waiting{role}`, read at each scrape. */
export function measurePools(metrics: Metrics, pools: Readonly<Record<'app' | 'system', pg.Pool>>): void {
  const roles = ['app', 'system'] as const;
  metrics.gauge({
    name: 'db_pool_connections',
    help: 'Connections of the pool, in use and idle',
    labels: ['role', 'state'],
    collect: (gauge) => {
      for (const role of roles) {
        const { totalCount, idleCount } = pools[role];
        gauge.with({ role, state: 'used' }).set(totalCount - idleCount);
        gauge.with({ role, state: 'idle' }).set(idleCount);
      }
    },
  });
  metrics.gauge({
    name: 'db_pool_waiting',
    help: 'Callers that wait for a connection of the pool',
    labels: ['role'],
    collect: (gauge) => {
      for (const role of roles) gauge.with({ role }).set(pools[role].waitingCount);
    },
  });
}
