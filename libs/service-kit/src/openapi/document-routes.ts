import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import { ApiExtension, ApiResponse } from '@nestjs/swagger';
import type { RouteOptions } from '../http/route-config.js';
import { permissionMetadata } from './permission-metadata.js';
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
    const decorators = [errorsOf(route), ...accessTo(route, controller)];
    for (const decorate of decorators) decorate(prototype, key, descriptor);
  }
}

function errorsOf(route: object): MethodDecorator {
  const config = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, route) as RouteOptions | undefined;
  if (config?.errorDialect) {
    const { errorSchema } = config;
    const description = 'An error, in the shape of this API';
    return ApiResponse({ status: 'default', description, ...(errorSchema && { standardSchema: errorSchema }) });
  }
  const schema = { $ref: '#/components/schemas/Problem' };
  return ApiResponse({
    status: 'default',
    description: 'An error',
    content: { 'application/problem+json': { schema } },
  });
}

function accessTo(route: object, controller: Controller): MethodDecorator[] {
  const permission: unknown =
    Reflect.getMetadata(permissionMetadata, route) ?? Reflect.getMetadata(permissionMetadata, controller);
  if (typeof permission !== 'string') return [];
  const extension = ApiExtension('x-permission', permission);
  if (permission === 'public') return [extension];
  return [extension, callerSecurity()];
}
