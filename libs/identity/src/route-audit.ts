import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { permissionMetadata } from '@parley/service-kit';

type Handler = (...args: never[]) => unknown;

/** Refuses to start a service that has a route of which nobody said who may call it. */
@Injectable()
export class RouteAudit implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  /** @throws Error that names every route without `@Public()`, `@Authenticated()` or `@Permit()`. */
  onModuleInit(): void {
    const undecided = this.discovery.getControllers().flatMap(({ metatype }) => this.undecidedRoutes(metatype));
    if (undecided.length > 0)
      throw new Error(`Say who may call ${undecided.join(', ')}: @Public(), @Authenticated() or @Permit('…')`);
  }

  private undecidedRoutes(controller: Handler | object | null): string[] {
    if (typeof controller !== 'function') return [];
    const prototype = controller.prototype as Record<string, Handler>;
    return this.scanner
      .getAllMethodNames(prototype)
      .filter((name) => {
        const handler = prototype[name];
        return (
          handler !== undefined &&
          Reflect.hasMetadata(PATH_METADATA, handler) &&
          this.reflector.getAllAndOverride<unknown>(permissionMetadata, [handler, controller]) === undefined
        );
      })
      .map((name) => `${controller.name}.${name}`);
  }
}
