import { TenantSettings } from '../tenant-settings/tenant-settings.js';
import type { StoredRoute, TenantRoute } from './model-route.js';

/** Every tenant’s routes by name, at hand for each call. */
export class TenantRoutes extends TenantSettings<ReadonlyMap<string, StoredRoute>> {
  /** Undefined for a name that is no route of the tenant’s. Without a promise where the routes are known. */
  find(tenantId: string, model: string): TenantRoute | undefined | Promise<TenantRoute | undefined> {
    const routes = this.of(tenantId);
    return routes instanceof Promise ? routes.then((known) => known.get(model)) : routes.get(model);
  }
}
