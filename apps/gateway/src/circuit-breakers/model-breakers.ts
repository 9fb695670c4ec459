import type { ModelRouter } from '@parley/llm';
import type { RegisteredBreaker } from '@parley/service-kit';

/** Those of the models that were asked. One that its provider does not list is a name that some caller typed. */
export const modelBreakers = (router: Pick<ModelRouter, 'guards' | 'lists'>): RegisteredBreaker[] =>
  router.guards.flatMap(({ provider, breakerStates }) =>
    [...breakerStates].map(([model, breaker]) => ({ breaker, namedByCaller: !router.lists(provider.name, model) })),
  );
