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
    const routes = [...(await this.routes.of(tenantId)).values()];
    const facts = await this.factsOf(routes);
    return routes.map((route) => offered(route, facts));
  }

  async get(tenantId: string, name: string): Promise<OfferedModel | undefined> {
    const route = (await this.routes.of(tenantId)).get(name);
    return route && offered(route, await this.factsOf([route]));
  }

  /** Of all targets, by name: each is looked up once, however many routes lead to it. What is not known has none. */
  private async factsOf(routes: readonly StoredRoute[]): Promise<FactsByName> {
    const names = new Set(routes.flatMap(({ targets }) => targets.map(({ model }) => model)));
    const facts = new Map<string, ModelFacts>();
    for (const name of names) {
      const model = await this.router.get(name).catch(() => undefined);
      if (model) facts.set(name, capabilitiesOf(model).facts);
    }
    return facts;
  }
}

type FactsByName = ReadonlyMap<string, ModelFacts>;

/** It can do what every target can do that is known. */
const offered = ({ name, targets, createdAt }: StoredRoute, facts: FactsByName): OfferedModel => ({
  id: name,
  displayName: name,
  createdAt,
  ownedBy: 'parley',
  provider: 'parley',
  facts: commonFacts(targets.map(({ model }) => facts.get(model) ?? {})),
});
