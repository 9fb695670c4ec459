import { TenantSettings } from '../tenant-settings/tenant-settings.js';
import type { StoredRoute, TenantRoute } from './model-route.js';

/** Every tenant’s routes by name, at hand for each call. */
export class TenantRoutes extends TenantSettings<ReadonlyMap<string, StoredRoute>> {
  /** Undefined for a name that is no route of the tenant’s. */
  async find(tenantId: string, model: string): Promise<TenantRoute | undefined> {
    return (await this.of(tenantId)).get(model);
  }
}
