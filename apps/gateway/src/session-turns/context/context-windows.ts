import { Injectable } from '@nestjs/common';
import type { Identity } from '@parley/contracts';
import { capabilitiesOf, ModelRouter } from '@parley/llm';
import { TenantRoutes } from '../../model-routes/tenant-routes.js';

/** How much models see at once, question and answer together. */
@Injectable()
export class ContextWindows {
  constructor(
    private readonly router: ModelRouter,
    private readonly routes: TenantRoutes,
  ) {}

  /** In tokens: of a route, what all see of whom it is known. Undefined where nobody says. */
  async of({ tenantId }: Pick<Identity, 'tenantId'>, name: string): Promise<number | undefined> {
    const route = await this.routes.find(tenantId, name);
    const models = route?.targets.map(({ model }) => model) ?? [name];
    const windows = (await Promise.all(models.map((model) => this.windowOf(model)))).filter((one) => one !== undefined);
    return windows.length === 0 ? undefined : Math.min(...windows);
  }

  /** A model that no list has may be one that is shipped. */
  private async windowOf(name: string): Promise<number | undefined> {
    const listed = await this.router.get(name).catch(() => undefined);
    const provider = name.slice(0, Math.max(0, name.indexOf('/')));
    return capabilitiesOf(listed ?? { id: name, provider }).facts.context_window;
  }
}
