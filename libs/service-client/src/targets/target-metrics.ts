import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { BreakerState } from '@parley/resilience';
import { Metrics } from '@parley/service-kit';
import type { Target } from './target.js';
import { Targets } from './targets.js';

const stateValues = { closed: 0, 'half-open': 1, open: 2 } as const satisfies Record<BreakerState['kind'], number>;

/** Connections and breakers as the metrics show them: summed by service, since instances come and go. */
@Injectable()
export class TargetMetrics implements OnModuleInit {
  constructor(
    private readonly targets: Targets,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.expose('service_pool_connections', 'Open connections to a service', ({ pool }) => pool.stats.connected);
    this.expose(
      'service_pool_in_use',
      'Connections to a service that carry a request',
      ({ bulkhead }) => bulkhead.active,
    );
    this.expose(
      'service_pool_waiting',
      'Requests that wait for a connection to a service',
      ({ bulkhead }) => bulkhead.queued,
    );
    this.expose(
      'breaker_state',
      'Worst breaker among the instances of a service: 0 closed, 1 half-open, 2 open',
      ({ breaker }) => stateValues[breaker.state.kind],
      Math.max,
    );
  }

  private expose(
    name: string,
    help: string,
    read: (target: Target) => number,
    merge = (a: number, b: number) => a + b,
  ): void {
    const seen = new Map<string, number>();
    this.metrics.gauge({
      name,
      help,
      labels: ['service'],
      collect: (gauge) => {
        // A service whose instances are all gone is at 0, rather than at its last value.
        for (const service of seen.keys()) seen.set(service, 0);
        for (const target of this.targets) {
          const { service } = target.instance;
          seen.set(service, merge(seen.get(service) ?? 0, read(target)));
        }
        for (const [service, value] of seen) gauge.with({ service }).set(value);
      },
    });
  }
}
