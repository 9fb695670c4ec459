import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { z } from 'zod';
import type { ErrorDialect } from '../errors/error-dialect.js';

/** What the kit's decorators leave in the Fastify `config` of a route. */
export interface RouteOptions {
  readonly errorDialect?: ErrorDialect;
  readonly errorSchema?: z.ZodType;
  readonly bodyLimit?: number;
  readonly takesForm?: boolean;
}

type Handler = (...args: never[]) => unknown;

/** Adds to the route's config, on one route or on all routes of a controller; what a route says itself wins. */
export const routeConfig =
  (options: RouteOptions): ClassDecorator & MethodDecorator =>
  (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor) => {
    if (descriptor) {
      merge(descriptor.value as Handler, options);
      return;
    }
    const { prototype } = target as { prototype: object };
    for (const method of Object.values(Object.getOwnPropertyDescriptors(prototype)))
      if (typeof method.value === 'function' && method.value !== target) merge(method.value as Handler, options);
  };

function merge(handler: Handler, options: RouteOptions): void {
  const own = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler) as RouteOptions | undefined;
  Reflect.defineMetadata(FASTIFY_ROUTE_CONFIG_METADATA, { ...options, ...own }, handler);
}

/** The largest body that a route takes, in bytes; 1 MiB where it says nothing. */
export const BodyLimit = (bytes: number): ClassDecorator & MethodDecorator => routeConfig({ bodyLimit: bytes });

/** On a controller or a route: its errors are written in `dialect`, and documented by `schema` where they are of one. */
export const UseErrorDialect = (dialect: ErrorDialect, schema?: z.ZodType): ClassDecorator & MethodDecorator =>
  routeConfig({ errorDialect: dialect, ...(schema && { errorSchema: schema }) });
