import {
  applyDecorators,
  createParamDecorator,
  SetMetadata,
  type CustomDecorator,
  type ExecutionContext,
} from '@nestjs/common';
import type { Identity, Permission } from '@parley/contracts';
import { permissionMetadata } from '@parley/service-kit';
import type { IdentifiedRequest } from './identified-request.js';

/** Who may call a route: anybody, every verified caller, or those whose token carries the permission. */
export type Access = 'public' | 'authenticated' | Permission;

const access = (value: Access): CustomDecorator => SetMetadata(permissionMetadata, value);

/** Opens a route to anybody; no credential is looked at. */
export const Public = (): CustomDecorator => access('public');

/** Opens a route to every verified caller: for what concerns the caller alone. */
export const Authenticated = (): CustomDecorator => access('authenticated');

/** Names the path parameter that says which instance a permission is about. */
export const instanceMetadata = 'parley:permission-instance';

/**
 * Opens a route to callers whose token carries the permission, or, where `instance` names a path parameter, the
 * permission on what that parameter names.
 */
export const Permit = (
  permission: Permission,
  { instance }: { instance?: string } = {},
): MethodDecorator & ClassDecorator =>
  instance === undefined
    ? access(permission)
    : applyDecorators(access(permission), SetMetadata(instanceMetadata, instance));

/** The verified identity of the caller. A `@Public()` route has none. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Identity => {
  const { identity } = context.switchToHttp().getRequest<IdentifiedRequest>();
  if (!identity) throw new Error('@Caller() on a @Public() route');
  return identity;
});
