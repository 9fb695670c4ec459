import { AppError } from '@parley/contracts';
import type { Clock } from '@parley/resilience';
import type { Log } from '@parley/service-kit';
import { modelNotFound } from '../model-not-found.js';
import type { Model } from '../provider.js';
import { Catalogue } from './catalogue.js';
import type { ProviderGroup } from './provider-group.js';

/** A model as the platform offers it. */
export interface OfferedModel extends Model {
  readonly provider: string;
}

/** A model and who has it. */
export interface ModelAddress {
  readonly provider: ProviderGroup;
  /** The provider’s own name of the model. */
  readonly model: string;
}

/** What all providers together offer, and who of them is meant by a name. */
export class Offer {
  private readonly byName: ReadonlyMap<string, Catalogue>;
  private readonly catalogues: readonly Catalogue[];
  /** Of all lists together, by name; made anew when one of them was read, and not when somebody asks. */
  private models = new Map<string, OfferedModel>();
  private addresses = new Map<string, ModelAddress>();

  /** Where several providers list a model, the first serves it. */
  constructor(
    private readonly providers: readonly ProviderGroup[],
    clock: Clock,
    log: Pick<Log, 'warn'>,
  ) {
    this.catalogues = providers.map(
      (provider) =>
        new Catalogue(provider, clock, (failure) => {
          if (failure === undefined) this.index();
          else log.warn({ err: failure, provider: provider.name }, 'cannot read the list of models');
        }),
    );
    this.byName = new Map(this.catalogues.map((catalogue) => [catalogue.provider.name, catalogue]));
  }

  /** Without waiting where that can be. @throws AppError model.not_found, service.unavailable when no list could be read. */
  find(id: string): ModelAddress | Promise<ModelAddress> {
    return this.known(id) ?? this.unknown(id);
  }

  /** Every model of every provider whose list could be read. @throws AppError when none could. */
  async list(): Promise<OfferedModel[]> {
    await this.load();
    return [...this.models.values()];
  }

  /** Waits only where no list that was read has it. @throws AppError model.not_found */
  async get(id: string): Promise<OfferedModel> {
    for (const catalogue of this.catalogues) catalogue.renew();
    const listed = this.listed(id);
    if (listed) return listed;
    await this.load();
    const found = this.listed(id);
    if (!found) throw modelNotFound(id);
    return found;
  }

  /** Whether this is a model of the provider’s, by the last list that was read. */
  lists(provider: string, model: string): boolean {
    return this.byName.get(provider)?.current.has(model) ?? false;
  }

  /** By a list that was read, by the provider’s name before a slash, by a name that a provider is known for. */
  private known(id: string): ModelAddress | undefined {
    for (const catalogue of this.catalogues) catalogue.renew();
    const listed = this.addresses.get(id);
    if (listed) return listed;
    const named = this.named(id);
    if (named) return { provider: named.catalogue.provider, model: named.model };
    const provider = this.providers.find(({ knownModels }) => knownModels?.test(id));
    return provider && { provider, model: id };
  }

  private async unknown(id: string): Promise<ModelAddress> {
    try {
      await this.load();
    } catch (cause) {
      throw new AppError('service.unavailable', { internal: 'no list of models could be read', cause });
    }
    const listed = this.addresses.get(id);
    if (!listed) throw modelNotFound(id);
    return listed;
  }

  /** @throws why, when no list could be read */
  private async load(): Promise<void> {
    const lists = await Promise.allSettled(this.catalogues.map((catalogue) => catalogue.load()));
    const failure = lists.find((list) => list.status === 'rejected');
    if (failure && lists.every((list) => list.status === 'rejected')) throw failure.reason;
  }

  private index(): void {
    this.models = new Map();
    this.addresses = new Map();
    for (const { current, provider } of this.catalogues) {
      for (const [id, model] of current) {
        if (this.models.has(id)) continue;
        this.models.set(id, { ...model, provider: provider.name });
        this.addresses.set(id, { provider, model: id });
      }
    }
  }

  /** The provider before the slash, and its own name of the model. */
  private named(id: string): { readonly catalogue: Catalogue; readonly model: string } | undefined {
    const slash = id.indexOf('/');
    const catalogue = slash > 0 ? this.byName.get(id.slice(0, slash)) : undefined;
    return catalogue && { catalogue, model: id.slice(slash + 1) };
  }

  private listed(id: string): OfferedModel | undefined {
    return this.models.get(id) ?? this.prefixed(id);
  }

  private prefixed(id: string): OfferedModel | undefined {
    const { catalogue, model = '' } = this.named(id) ?? {};
    const found = catalogue?.current.get(model);
    return catalogue && found && { ...found, id, provider: catalogue.provider.name };
  }
}
