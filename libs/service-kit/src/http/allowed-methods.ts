import type { RouteOptions } from 'fastify';
import findMyWay, { type HTTPMethod } from 'find-my-way';

/** Characters of a parameter in a path, decoded: for the name of a model behind its provider’s, and a tool’s behind its server’s. */
export const maxParamLength = 400;

/** Which methods a path takes, for the Allow header of a 405: Fastify's own router cannot be asked. */
export class AllowedMethods {
  private readonly router = findMyWay({ maxParamLength });
  private readonly methods = new Set<HTTPMethod>();

  /** Fastify's onRoute hook. */
  add({ method, url }: Pick<RouteOptions, 'method' | 'url'>): void {
    for (const each of [method].flat() as HTTPMethod[]) {
      this.methods.add(each);
      if (!this.router.hasRoute(each, url)) this.router.on(each, url, () => undefined);
    }
  }

  /** In alphabetical order; empty where nothing is served. */
  at(url: string): string[] {
    return [...this.methods].filter((method) => this.router.find(method, url) !== null).sort();
  }
}
