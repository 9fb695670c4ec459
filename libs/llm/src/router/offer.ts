import { AppError } from '@parley/contracts';
import type { Clock } from '@parley/resilience';
import type { Log } from '@parley/service-kit';
import type { Model } from '../provider.js';
import { Catalogue } from './catalogue.js';
import type { ProviderGroup } from './provider-group.js';

/** A model as the platform offers it. */
export interface OfferedModel extends Model {
  readonly provider: string;
}

/** A model and who has it. */
export interface Place {
  readonly provider: ProviderGroup;
  /** The provider’s own name of the model. */
  readonly model: string;
}

/** What all providers together offer, and who of them is meant by a name. */
export class Offer {
  private readonly byName: ReadonlyMap<string, ProviderGroup>;
  private readonly catalogues: readonly Catalogue[];
  private places = new Map<string, Place>();

  /** Where several providers list a model, the first serves it. */
  constructor(
    private readonly providers: readonly ProviderGroup[],
    clock: Clock,
    log: Pick<Log, 'warn'>,
  ) {
    this.byName = new Map(providers.map((provider) => [provider.name, provider]));
    this.catalogues = providers.map(
      (provider) =>
        new Catalogue(provider, clock, (failure) => {
          if (failure === undefined) this.index();
          else log.warn({ err: failure, provider: provider.name }, 'cannot read the list of models');
        }),
    );
  }

  /** Without waiting where that can be. @throws AppError model.not_found, service.unavailable when no list could be read. */
  find(id: string): Place | Promise<Place> {
    return this.known(id) ?? this.unknown(id);
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
    if (!found) throw notFound(id);
    return found;
  }

  /** Whether this is a model of the provider’s, by the last list that was read. */
  lists(provider: string, model: string): boolean {
    const catalogue = this.catalogues.find((one) => one.provider.name === provider);
    return catalogue?.current?.some(({ id }) => id === model) ?? false;
  }

  /** By a list that was read, by the provider’s name before a slash, by a name that a provider is known for. */
  private known(id: string): Place | undefined {
    for (const catalogue of this.catalogues) catalogue.renew();
    const listed = this.places.get(id);
    if (listed) return listed;
    const slash = id.indexOf('/');
    const named = slash > 0 ? this.byName.get(id.slice(0, slash)) : undefined;
    if (named) return { provider: named, model: id.slice(slash + 1) };
    const provider = this.providers.find(({ knownModels }) => knownModels?.test(id));
    return provider && { provider, model: id };
  }

  private async unknown(id: string): Promise<Place> {
    const lists = await Promise.allSettled(this.catalogues.map((catalogue) => catalogue.load()));
    const listed = this.places.get(id);
    if (listed) return listed;
    const unread = lists.find((list) => list.status === 'rejected');
    if (unread && lists.every((list) => list.status === 'rejected')) {
      throw new AppError('service.unavailable', { internal: 'no list of models could be read', cause: unread.reason });
    }
    throw notFound(id);
  }

  private index(): void {
    this.places = new Map(
      [...this.offered().values()].flatMap(({ id, provider: name }) => {
        const provider = this.byName.get(name);
        return provider ? [[id, { provider, model: id }]] : [];
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

const notFound = (id: string): AppError => new AppError('model.not_found', { detail: `There is no model "${id}"` });
