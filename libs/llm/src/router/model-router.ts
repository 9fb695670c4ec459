import { AppError, type Completion, type CompletionRequest, type StreamBatch } from '@parley/contracts';
import { systemClock, type Clock, type PolicyListener } from '@parley/resilience';
import type { Log } from '@parley/service-kit';
import { estimateTokens } from '../estimate.js';
import type { Model, ModelProvider } from '../provider.js';
import { callSignal, type Caller } from './call-signal.js';
import { Catalogue } from './catalogue.js';
import { GuardedProvider, type GuardLimits } from './guarded-provider.js';

export interface ModelRouterOptions extends GuardLimits {
  /** Where several list a model, the first serves it. */
  readonly providers: readonly ModelProvider[];
  /** The longest that one call may take, its retries and whole stream included. */
  readonly deadlineMs: number;
  readonly log: Pick<Log, 'warn'>;
  readonly clock?: Clock;
}

/** A model as the platform offers it. */
export interface OfferedModel extends Model {
  readonly provider: string;
}

interface Route {
  readonly guarded: GuardedProvider;
  /** The provider’s own name of the model. */
  readonly model: string;
}

/** Who answered, and after how many tries. */
export interface Served {
  readonly provider: string;
  readonly attempts: number;
  /** Fields of the request that this provider cannot carry and that were left out. */
  readonly dropped: readonly string[];
}

/** Finds the provider of a model and asks it, under its policies. */
export class ModelRouter {
  readonly guards: readonly GuardedProvider[];
  private readonly byName: ReadonlyMap<string, GuardedProvider>;
  private readonly catalogues: readonly Catalogue[];
  private readonly listeners = new Set<PolicyListener>();
  private routes = new Map<string, Route>();

  constructor(private readonly options: ModelRouterOptions) {
    const { providers, log, clock = systemClock } = options;
    const tell: PolicyListener = (event) => {
      for (const listener of this.listeners) listener(event);
    };
    this.guards = providers.map((provider) => new GuardedProvider(provider, options, tell));
    this.byName = new Map(this.guards.map((guarded) => [guarded.provider.name, guarded]));
    this.catalogues = providers.map(
      (provider) =>
        new Catalogue(provider, clock, (failure) => {
          if (failure === undefined) this.index();
          else log.warn({ err: failure, provider: provider.name }, 'cannot read the list of models');
        }),
    );
  }

  /** What the policies of all providers tell; returns the function that takes the listener off again. */
  on(listener: PolicyListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** @throws AppError model.*, provider.*, service.overloaded; the reason of the caller’s signal when it aborts. */
  async complete(request: CompletionRequest, caller: Caller = {}): Promise<Served & { completion: Completion }> {
    const { guarded, model } = await this.route(request.model);
    const call = callSignal(caller, this.options.deadlineMs);
    try {
      const { value, attempts } = await guarded.complete({ ...request, model }, call.signal, caller.onBrokenOff);
      const completion = value.estimated ? { ...value, tokens: estimateTokens(request, value) } : value;
      return { completion, provider: guarded.provider.name, attempts, dropped: completion.dropped };
    } finally {
      call.release();
    }
  }

  /**
   * Resolves when the first events are there; errors before them are thrown here, later ones while reading.
   * The stream must be read to its end, left (`break`, `return`) or aborted.
   */
  async stream(
    request: CompletionRequest,
    caller: Caller = {},
  ): Promise<Served & { stream: AsyncIterable<StreamBatch> }> {
    const { guarded, model } = await this.route(request.model);
    const call = callSignal(caller, this.options.deadlineMs);
    try {
      const { value, attempts } = await guarded.stream({ ...request, model }, call.signal, caller.onBrokenOff);
      void value.ended.then(() => call.release());
      const start = value.first.find((event) => event.type === 'start');
      return { stream: value, provider: guarded.provider.name, attempts, dropped: start?.dropped ?? [] };
    } catch (error) {
      call.release();
      throw error;
    }
  }

  /** Tokens of the request’s input, by the provider’s own count. @throws AppError model.cannot_count, and as `complete` does */
  async countTokens(request: CompletionRequest, caller: Caller = {}): Promise<number> {
    const { guarded, model } = await this.route(request.model);
    const call = callSignal(caller, this.options.deadlineMs);
    try {
      return (await guarded.countTokens({ ...request, model }, call.signal)).value;
    } finally {
      call.release();
    }
  }

  /** Every model of every provider whose list could be read. @throws AppError when none could. */
  async list(): Promise<OfferedModel[]> {
    const lists = await Promise.allSettled(this.catalogues.map((catalogue) => catalogue.load()));
    const failure = lists.find((list) => list.status === 'rejected');
    if (failure && lists.every((list) => list.status === 'rejected')) throw failure.reason;
    return [...this.offered().values()];
  }

  /** @throws AppError model.not_found */
  async get(id: string): Promise<OfferedModel> {
    await this.list();
    const found = this.offered().get(id) ?? this.prefixed(id);
    if (!found) throw new AppError('model.not_found', { detail: `There is no model "${id}"` });
    return found;
  }

  async close(): Promise<void> {
    await Promise.all(this.guards.map(({ provider }) => provider.close()));
  }

  private async route(id: string): Promise<Route> {
    return this.known(id) ?? (await this.unknown(id));
  }

  /** Without waiting: by a list that was read, by the provider’s name before a slash, by a name that a provider is known for. */
  private known(id: string): Route | undefined {
    for (const catalogue of this.catalogues) catalogue.renew();
    const listed = this.routes.get(id);
    if (listed) return listed;
    const slash = id.indexOf('/');
    const named = slash > 0 ? this.byName.get(id.slice(0, slash)) : undefined;
    if (named) return { guarded: named, model: id.slice(slash + 1) };
    const guarded = this.guards.find(({ provider }) => provider.knownModels?.test(id));
    return guarded && { guarded, model: id };
  }

  private async unknown(id: string): Promise<Route> {
    const lists = await Promise.allSettled(this.catalogues.map((catalogue) => catalogue.load()));
    const listed = this.routes.get(id);
    if (listed) return listed;
    const unread = lists.find((list) => list.status === 'rejected');
    if (unread && lists.every((list) => list.status === 'rejected')) {
      throw new AppError('service.unavailable', { internal: 'no list of models could be read', cause: unread.reason });
    }
    throw new AppError('model.not_found', { detail: `There is no model "${id}"` });
  }

  private index(): void {
    const offered = [...this.offered().values()];
    this.routes = new Map(
      offered.flatMap(({ id, provider }) => {
        const guarded = this.byName.get(provider);
        return guarded ? [[id, { guarded, model: id }]] : [];
      }),
    );
  }

  private offered(): Map<string, OfferedModel> {
    const models = new Map<string, OfferedModel>();
    for (const { current = [], provider } of this.catalogues) {
      for (const model of current)
        if (!models.has(model.id)) models.set(model.id, { ...model, provider: provider.name });
    }
    return models;
  }

  private prefixed(id: string): OfferedModel | undefined {
    const catalogue = this.catalogues.find(({ provider }) => id.startsWith(`${provider.name}/`));
    const model = catalogue?.current?.find((one) => id === `${catalogue.provider.name}/${one.id}`);
    return catalogue && model && { ...model, id, provider: catalogue.provider.name };
  }
}
