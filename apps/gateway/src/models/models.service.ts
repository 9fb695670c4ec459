import { Injectable } from '@nestjs/common';
import { circleModel, type Identity } from '@parley/contracts';
import { ModelRouter, type OfferedModel } from '@parley/llm';
import { toModelCapabilities, type ModelCapabilitiesList } from './model-capabilities.js';
import { OfferedRoutes } from '../model-routes/offered-routes.js';
import { demandAllowed, mayAsk } from '../key-bounds/allowed-models.js';

/** The circle of experts, which is asked as a model is. */
const circle: OfferedModel = {
  id: circleModel,
  displayName: 'The circle of experts',
  createdAt: new Date('2026-11-21T00:00:00Z'),
  ownedBy: 'parley',
  provider: 'parley',
  facts: {
    input: ['text'],
    output: ['text'],
    tools: false,
    structured_output: false,
    thinking: false,
    caching: false,
    embeddings: false,
  },
};

/** What can be named as a model: the tenant’s routes, the models of the providers, and the circle. */
@Injectable()
export class ModelsService {
  constructor(
    private readonly router: ModelRouter,
    private readonly routes: OfferedRoutes,
  ) {}

  /** Those that the caller may ask. @throws AppError when no provider's list could be read. */
  async list(caller: Identity): Promise<OfferedModel[]> {
    const [routes, models] = await Promise.all([this.routes.list(caller.tenantId), this.router.list()]);
    const names = new Set(routes.map(({ id }) => id));
    return [...routes, ...models.filter(({ id }) => !names.has(id)), circle].filter(({ id }) => mayAsk(caller, id));
  }

  /** @throws AppError model.not_found, model.not_allowed */
  async get(caller: Identity, id: string): Promise<OfferedModel> {
    demandAllowed(caller, id);
    if (id === circle.id) return circle;
    return (await this.routes.get(caller.tenantId, id)) ?? this.router.get(id);
  }

  /** Of one model, or of all that the caller may ask. @throws as the others do */
  async capabilities(caller: Identity, id?: string): Promise<ModelCapabilitiesList> {
    const models = id === undefined ? await this.list(caller) : [await this.get(caller, id)];
    return { object: 'list', data: models.map(toModelCapabilities) };
  }
}
