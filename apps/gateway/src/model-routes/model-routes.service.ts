import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  AppError,
  isAppError,
  maxModelRoutes,
  type CreateModelRouteRequest,
  type FieldError,
  type Identity,
  type ModelRoute,
  type ModelRouteList,
  type ModelRouteReport,
  type UpdateModelRouteRequest,
} from '@parley/contracts';
import { ModelRouter } from '@parley/llm';
import { Clock } from '@parley/service-kit';
import { demandAnyModel } from '../key-bounds/allowed-models.js';
import { SettingsChanges } from '../tenant-settings/settings-changes.js';
import { CacheRates } from './cache-rates.js';
import { changed, newRoute, toModelRoute, type StoredRoute } from './model-route.js';
import { ModelRoutesRepository } from './model-routes.repository.js';

/** The routes of a tenant: names that its callers give as a model, and the models that answer to them. */
@Injectable()
export class ModelRoutesService {
  constructor(
    private readonly routes: ModelRoutesRepository,
    private readonly changes: SettingsChanges,
    private readonly router: ModelRouter,
    private readonly rates: CacheRates,
    private readonly clock: Clock,
  ) {}

  async list({ tenantId }: Identity): Promise<ModelRouteList> {
    return { data: (await this.routes.all(tenantId)).map(toModelRoute) };
  }

  /** @throws AppError model_route.not_found */
  async get({ tenantId }: Identity, name: string): Promise<ModelRouteReport> {
    const route = found(await this.routes.find(tenantId, name));
    return { ...toModelRoute(route), prompt_cache: await this.rates.report(tenantId, route) };
  }

  /**
   * @throws AppError model_route.exists, model_route.too_many, request.invalid for a model that nobody serves,
   *   api_key.not_grantable as the other changes do.
   */
  async create(caller: Identity, asked: CreateModelRouteRequest): Promise<ModelRoute> {
    demandAnyModel(caller);
    const { tenantId } = caller;
    await this.demandServed(asked.targets);
    const route = newRoute(asked, this.mark());
    await this.routes.inTenant(tenantId, async (tx) => {
      if ((await this.routes.lockCount(tx, tenantId)) >= maxModelRoutes) throw new AppError('model_route.too_many');
      if (!(await this.routes.add(tx, tenantId, route))) throw new AppError('model_route.exists');
      await this.changes.announce(tx, tenantId, 'routes');
    });
    return toModelRoute(route);
  }

  /** @throws AppError model_route.not_found, request.invalid for a model that nobody serves. */
  async update(caller: Identity, name: string, change: UpdateModelRouteRequest): Promise<ModelRoute> {
    demandAnyModel(caller);
    const { tenantId } = caller;
    await this.demandServed(change.targets ?? []);
    return this.routes.inTenant(tenantId, async (tx) => {
      const route = changed(found(await this.routes.lock(tx, tenantId, name)), change, this.mark());
      await this.routes.update(tx, tenantId, route);
      await this.changes.announce(tx, tenantId, 'routes');
      return toModelRoute(route);
    });
  }

  /** @throws AppError model_route.not_found */
  async delete(caller: Identity, name: string): Promise<void> {
    demandAnyModel(caller);
    const { tenantId } = caller;
    await this.routes.inTenant(tenantId, async (tx) => {
      if (!(await this.routes.delete(tx, tenantId, name))) throw new AppError('model_route.not_found');
      await this.changes.announce(tx, tenantId, 'routes');
    });
  }

  /** Targets are models of providers: no route leads to another one, nor to the circle of experts. */
  private async demandServed(targets: readonly { readonly model: string }[]): Promise<void> {
    const fields: FieldError[] = [];
    for (const [index, { model }] of targets.entries()) {
      try {
        await this.router.find(model);
      } catch (error) {
        if (!isAppError(error) || error.code !== 'model.not_found') throw error;
        fields.push({ path: `targets.${index}.model`, message: 'is no model that a provider serves' });
      }
    }
    if (fields.length > 0) throw new AppError('request.invalid', { fields });
  }

  private mark() {
    return { revision: randomUUID(), at: new Date(this.clock.now()) };
  }
}

function found(route: StoredRoute | undefined): StoredRoute {
  if (!route) throw new AppError('model_route.not_found');
  return route;
}
