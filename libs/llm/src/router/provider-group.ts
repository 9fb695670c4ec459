import type { Model, ModelProvider } from '../provider.js';
import { GuardedProvider, newBudget, newBulkhead, type GuardOptions } from './guarded-provider.js';
import type { Lane } from './lane.js';

/** One provider with all of its credentials. */
export class ProviderGroup {
  readonly name: string;
  readonly knownModels: RegExp | undefined;
  readonly guards: readonly [GuardedProvider, ...GuardedProvider[]];

  /** The providers have one name, and a credential each. */
  constructor(providers: readonly [ModelProvider, ...ModelProvider[]], options: GuardOptions) {
    const [first, ...others] = providers;
    const { limits, clock } = options;
    const { maxConcurrentPerProvider: bound } = limits;
    const shared = {
      bulkheads: bound === undefined ? [] : [newBulkhead(first.name, bound, options)],
      budget: newBudget(clock),
    };
    const guarded = (provider: ModelProvider) => new GuardedProvider(provider, shared, options);
    this.name = first.name;
    this.knownModels = first.knownModels;
    this.guards = [guarded(first), ...others.map(guarded)];
  }

  /** A lane for each credential, in the order to ask them: those that work, the least busy, the longest idle. */
  lanes(model: string): Lane[] {
    const [first, ...others] = this.guards;
    if (others.length === 0) return [first.lane(model)];
    return this.guards
      .map((guarded) => {
        const lane = guarded.lane(model);
        return { lane, avoided: Number(lane.isAvoided), busy: guarded.bulkhead.active + guarded.bulkhead.queued };
      })
      .sort((a, b) => a.avoided - b.avoided || a.busy - b.busy || a.lane.pace.askedAt - b.lane.pace.askedAt)
      .map(({ lane }) => lane);
  }

  /** By the first credential that may read the list. @throws what the last one met */
  async listModels(signal: AbortSignal): Promise<Model[]> {
    const [first, ...others] = this.guards;
    let list = first.provider.listModels(signal);
    for (const { provider } of others) list = list.catch(() => provider.listModels(signal));
    return list;
  }
}
