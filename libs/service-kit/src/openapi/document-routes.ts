import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import { ApiExtension, ApiResponse } from '@nestjs/swagger';
import type { RouteOptions } from '../http/route-config.js';
import { limitHeadersMetadata, type LimitHeaderTexts } from './limit-headers-metadata.js';
import { permissionMetadata } from './permission-metadata.js';
import { retryAfter } from './limit-headers.js';
import { callerSecurity } from './security-schemes.js';

type Controller = abstract new (...args: never[]) => unknown;

/** Decorators add up, so that a controller must be given them once. */
const documented = new WeakSet<Controller>();

/** Adds to the document what the kit knows of a controller's routes: who may call them, and how they answer errors. */
export function documentRoutes(controller: Controller): void {
  if (documented.has(controller)) return;
  documented.add(controller);
  const prototype = controller.prototype as object;
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (typeof descriptor.value !== 'function' || key === 'constructor') continue;
    const route = descriptor.value as object;
    const decorators = [
      errorAnswer(route, 'default', 'An error'),
      ...limitsOf(route, controller),
      ...accessTo(route, controller),
    ];
    for (const decorate of decorators) decorate(prototype, key, descriptor);
  }
}

/** In the shape that the route's errors have. */
function errorAnswer(route: object, status: 'default' | 429, what: string, headers?: Headers): MethodDecorator {
  const config = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, route) as RouteOptions | undefined;
  if (config?.errorDialect) {
    const { errorSchema } = config;
    const description = `${what}, in the shape of this API`;
    return ApiResponse({
      status,
      description,
      ...(headers && { headers }),
      ...(errorSchema && { standardSchema: errorSchema }),
    });
  }
  const schema = { $ref: '#/components/schemas/Problem' };
  const content = { 'application/problem+json': { schema } };
  return ApiResponse({ status, description: what, ...(headers && { headers }), content });
}

type Headers = NonNullable<Parameters<typeof ApiResponse>[0]['headers']>;

const schema = { type: 'string' as const };

/** The answer to a call too many, with the headers that all answers of the route have, and when to come back. */
function limitsOf(route: object, controller: Controller): MethodDecorator[] {
  const texts: LimitHeaderTexts | undefined = metadataOf(limitHeadersMetadata, route, controller);
  if (!texts) return [];
  const told = Object.entries(texts).map(([name, description]) => [name, { description, schema }] as const);
  const headers = { [retryAfter]: { description: 'Seconds to wait', schema }, ...Object.fromEntries(told) };
  return [errorAnswer(route, 429, 'A limit of the key, user or tenant is reached', headers)];
}

function accessTo(route: object, controller: Controller): MethodDecorator[] {
  const permission = metadataOf<unknown>(permissionMetadata, route, controller);
  if (typeof permission !== 'string') return [];
  const extension = ApiExtension('x-permission', permission);
  if (permission === 'public') return [extension];
  return [extension, callerSecurity()];
}

/** What the route says, else what its controller says. */
const metadataOf = <T>(key: string, route: object, controller: Controller): T | undefined =>
  (Reflect.getMetadata(key, route) ?? Reflect.getMetadata(key, controller)) as T | undefined;
