import { Injectable } from '@nestjs/common';
import { capabilitiesOf, ModelRouter, type ModelFacts, type OfferedModel } from '@parley/llm';
import { commonFacts } from './common-facts.js';
import type { StoredRoute } from './model-route.js';
import { TenantRoutes } from './tenant-routes.js';

/** A tenant’s routes as models that it is offered. */
@Injectable()
export class OfferedRoutes {
  constructor(
    private readonly router: ModelRouter,
    private readonly routes: TenantRoutes,
  ) {}

  async list(tenantId: string): Promise<OfferedModel[]> {
    const routes = await this.routes.of(tenantId);
    return Promise.all([...routes.values()].map((route) => this.offered(route)));
  }

  async get(tenantId: string, name: string): Promise<OfferedModel | undefined> {
    const route = (await this.routes.of(tenantId)).get(name);
    return route && this.offered(route);
  }

  /** It can do what every target can do that is known. */
  private async offered({ name, targets, createdAt }: StoredRoute): Promise<OfferedModel> {
    const models = await Promise.allSettled(targets.map(({ model }) => this.router.get(model)));
    const facts = models.map((one): ModelFacts => (one.status === 'fulfilled' ? capabilitiesOf(one.value).facts : {}));
    return { id: name, displayName: name, createdAt, ownedBy: 'parley', provider: 'parley', facts: commonFacts(facts) };
  }
}
