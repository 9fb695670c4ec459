import type { FastifyRequest } from 'fastify';
import type { RouteOptions } from '../http/route-config.js';
import { problemDialect, type ErrorDialect, type ErrorDialectPrefix } from './error-dialect.js';

/** Which dialect an error is written in: that of the route, else that of the longest prefix, else problem+json. */
export class ErrorDialects {
  private readonly prefixes: readonly ErrorDialectPrefix[];

  constructor(prefixes: readonly ErrorDialectPrefix[]) {
    this.prefixes = prefixes.toSorted((a, b) => b.prefix.length - a.prefix.length);
  }

  for(request: FastifyRequest): ErrorDialect {
    // A URL that the router could not read has no route.
    const route = request.routeOptions.config as RouteOptions | undefined;
    return route?.errorDialect ?? this.under(request.url) ?? problemDialect;
  }

  private under(url: string): ErrorDialect | undefined {
    const path = url.split('?', 1)[0] ?? '';
    return this.prefixes.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))?.dialect;
  }
}
