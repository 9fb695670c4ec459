import type { ModelRouter } from '@parley/llm';
import type { BreakerState } from '@parley/resilience';
import type { Log, Metrics } from '@parley/service-kit';

const stateValues = { closed: 0, 'half-open': 1, open: 2 } as const satisfies Record<BreakerState['kind'], number>;

/** What the policies around the providers do, as metrics and log lines. */
export function watchProviders(router: ModelRouter, metrics: Metrics, log: Log): void {
  metrics.gauge({
    name: 'provider_breaker_state',
    help: 'Breaker of a model: 0 closed, 1 half-open, 2 open',
    labels: ['provider', 'model'],
    collect: (gauge) => {
      for (const { label, breakerStates } of router.guards)
        for (const [model, { state }] of breakerStates)
          gauge.with({ provider: label, model }).set(stateValues[state.kind]);
    },
  });
  metrics.gauge({
    name: 'provider_pool_in_use',
    help: 'Calls to a provider that are under way',
    labels: ['provider'],
    collect: (gauge) => {
      for (const { label, bulkhead } of router.guards) gauge.with({ provider: label }).set(bulkhead.active);
    },
  });
  metrics.gauge({
    name: 'provider_pool_waiting',
    help: 'Calls that wait for a place at a provider',
    labels: ['provider'],
    collect: (gauge) => {
      for (const { label, bulkhead } of router.guards) gauge.with({ provider: label }).set(bulkhead.queued);
    },
  });
  const retries = metrics.counter({
    name: 'provider_retries_total',
    help: 'Calls that were made again',
    labels: ['provider'],
  });
  router.on((event) => {
    if (event.kind === 'retry') retries.with({ provider: event.name }).inc();
    if (event.kind === 'breaker.changed')
      log.warn({ breaker: event.name, from: event.from, to: event.to }, 'the breaker of a model changed');
  });
}
