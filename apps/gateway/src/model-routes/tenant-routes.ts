import { Injectable } from '@nestjs/common';
import { SettingsContext } from '../tenant-settings/settings-context.js';
import { TenantSettings } from '../tenant-settings/tenant-settings.js';
import type { StoredRoute, TenantRoute } from './model-route.js';
import { ModelRoutesRepository } from './model-routes.repository.js';

/** Every tenant’s routes by name, at hand for each call. */
@Injectable()
export class TenantRoutes extends TenantSettings<ReadonlyMap<string, StoredRoute>> {
  constructor(repository: ModelRoutesRepository, context: SettingsContext) {
    const load = async (tenantId: string) =>
      new Map((await repository.all(tenantId)).map((route) => [route.name, route] as const));
    super({ name: 'routes', load }, context);
  }

  /** Undefined for a name that is no route of the tenant’s. Without a promise where the routes are known. */
  find(tenantId: string, model: string): TenantRoute | undefined | Promise<TenantRoute | undefined> {
    const routes = this.of(tenantId);
    return routes instanceof Promise ? routes.then((known) => known.get(model)) : routes.get(model);
  }
}
